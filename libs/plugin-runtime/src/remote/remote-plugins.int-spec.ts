import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { parseDeployment } from '../deployment/parse-deployment';
import { inspectPlugin } from '../host/inspect-plugin';
import type { PluginDefinition, PluginHostOptions } from '../host/plugin-host';
import { ask, EchoStream } from '../testing/echo-client';
import { memoryServiceApi } from '../testing/memory-service-api';
import { definition, silentLogger, TestHost, until } from '../testing/test-host';
import { RemoteEcho } from './testing/remote-echo';
import { TestCertificates } from './testing/test-certificates';

// Real processes on a busy machine.
jest.setTimeout(60_000);

const ID = 7;
const SCOPES = ['kv.readwrite', 'apps.read'];

let certificates: TestCertificates;
let echo: RemoteEcho | undefined;
const hosts: TestHost[] = [];

beforeAll(async () => {
  certificates = await TestCertificates.create();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  await echo?.end();
  echo = undefined;
});
afterAll(() => certificates.remove());

function hosted(options: Partial<PluginHostOptions> = {}): TestHost {
  const host = new TestHost({ serviceApi: [memoryServiceApi()], reverse: { listen: { host: '127.0.0.1', port: 0 }, publicAddress: '127.0.0.1:0' }, timings: { lossMs: 1_000, connectMs: 1_500 }, ...options });
  hosts.push(host);
  return host;
}

function remote(command: string, change: Partial<PluginDefinition> = {}): PluginDefinition {
  return definition({ id: ID, name: 'echo', deployment: parseDeployment(command), config: { slug: 'echo', content: 'Hello' }, approvedScopes: SCOPES, ...change });
}

async function failure(command: string): Promise<string> {
  const host = hosted();
  host.host.apply([remote(command)]);
  return (await host.status(ID, ({ state }) => state === 'crashed')).reason;
}

async function keeps(host: TestHost, key: string): Promise<void> {
  const generation = host.host.serving(ID)!;
  expect((await ask(generation, 'PUT', `/kv/${key}`, { body: Buffer.from('value') })).status).toBeLessThan(300);
  expect((await ask(generation, 'GET', `/kv/${key}`)).body.toString()).toBe('value');
}

/** Publishes until the plugin itself has heard it: a subscription takes a moment. */
async function hearsItself(host: TestHost, payload: string): Promise<void> {
  const generation = host.host.serving(ID)!;
  const deadline = Date.now() + 15_000;
  for (;;) {
    await ask(generation, 'POST', '/events/publish/echo.hello', { body: Buffer.from(payload) });
    const seen = (await ask(generation, 'GET', '/events/seen')).json as unknown as { payload: string; origin: string }[];
    if (seen.some((event) => event.payload === payload && event.origin === `plugin:${ID}`)) return;
    expect(Date.now()).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a plugin that somebody else runs', () => {
  it('serves, keeps values and hears events, and goes on running when its host is done', async () => {
    echo = await RemoteEcho.start();
    const host = hosted();
    host.host.apply([remote(echo.command)]);
    const generation = await host.serving(ID);
    expect((await ask(generation, 'GET', '/')).json).toMatchObject({ content: 'Hello', runtime: 'gateway', pid: echo.pid });
    expect((await ask(generation, 'GET', '/')).json.config).toEqual({ slug: 'echo', content: 'Hello' });
    expect(host.host.status(ID)).toMatchObject({ state: 'ready', pid: null, reason: '', notEnforced: [] });
    await keeps(host, 'a');
    await hearsItself(host, 'first');
    await host.host.close();
    expect(echo.isRunning).toBe(true);
  });

  it('is inspected without being initialised', async () => {
    echo = await RemoteEcho.start();
    const host = hosted();
    const { manifestJson, configSchemaJson } = await inspectPlugin(parseDeployment(echo.command), { runtime: 'studio', runDirectory: host.runDirectory, logger: silentLogger() });
    expect(JSON.parse(manifestJson)).toMatchObject({ id: 'com.example.echo-endpoint' });
    expect(JSON.parse(configSchemaJson)).toMatchObject({ type: 'object' });
    expect(host.directories()).toEqual([]);
  });

  it('serves two hosts at once, each with values of its own', async () => {
    echo = await RemoteEcho.start();
    const [one, other] = [hosted(), hosted({ runtime: 'gateway' })];
    for (const host of [one, other]) host.host.apply([remote(echo.command)]);
    await Promise.all([one.serving(ID), other.serving(ID)]);
    await keeps(one, 'mine');
    expect((await ask(other.host.serving(ID)!, 'GET', '/kv/mine')).status).toBe(404);
    await other.host.close();
    await keeps(one, 'still');
  });

  it('uses the newest token after a reload, and after its host was started anew', async () => {
    echo = await RemoteEcho.start();
    const first = hosted();
    first.host.apply([remote(echo.command)]);
    await first.serving(ID);
    await keeps(first, 'a');
    first.host.apply([remote(echo.command, { config: { slug: 'echo', content: 'Changed' } })]);
    const reloaded = await first.serving(ID, 2);
    expect((await ask(reloaded, 'GET', '/')).json.content).toBe('Changed');
    await until(() => first.host.status(ID)!.generations.length === 1, 10_000);
    await keeps(first, 'b');
    await hearsItself(first, 'after the reload');
    await first.close();
    const second = hosted();
    second.host.apply([remote(echo.command)]);
    await second.serving(ID);
    await keeps(second, 'c');
    await hearsItself(second, 'after the restart');
  });

  it('is reloaded again and again without losing a call, and nothing is left of the connections', async () => {
    echo = await RemoteEcho.start();
    const host = hosted();
    const descriptors = () => readdirSync(`/proc/${echo!.pid}/fd`).length;
    host.host.apply([remote(echo.command)]);
    await host.serving(ID);
    await keeps(host, 'before');
    const before = descriptors();
    let [answered, failed, stop] = [0, 0, false];
    const load = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (!stop) await ask(host.host.serving(ID)!, 'GET', '/sleep/5').then(() => (answered += 1), () => (failed += 1));
      }),
    );
    for (let reloads = 1; reloads <= 15; reloads += 1) {
      host.host.apply([remote(echo.command, { reloads })]);
      await host.serving(ID, reloads + 1);
      await keeps(host, `during-${reloads}`);
    }
    stop = true;
    await load;
    expect({ failed, answered: answered > 50 }).toEqual({ failed: 0, answered: true });
    await until(() => host.host.status(ID)!.generations.length === 1 && descriptors() <= before, 15_000, () => `${descriptors()} instead of ${before}`);
  });
});

describe('what an operator grants', () => {
  it('bounds the messages and the streams of a plugin at an address too, and its status says so', async () => {
    echo = await RemoteEcho.start();
    const host = hosted({ policy: { caps: { messageBytes: 100_000, streamBytesPerSecond: 65_536 } } });
    host.host.apply([remote(echo.command)]);
    const generation = await host.serving(ID);
    expect((await ask(generation, 'GET', '/bytes/90000')).body).toHaveLength(90_000);
    await expect(ask(generation, 'GET', '/bytes/200000')).rejects.toMatchObject({ status: 8 });
    const beganAt = Date.now();
    const stream = new EchoStream(generation, '/stream?count=20&interval_ms=0&bytes=16384');
    expect(await stream.ended).toBeNull();
    expect(stream.events.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(Date.now() - beganAt).toBeGreaterThan(4_000);
    expect(host.host.status(ID)!.remarks).toEqual([
      expect.stringMatching(/^It was refused once with a message of more than the 0.1 MiB that one may have; the largest had 0.2 MiB.$/),
      'Its streams were slowed down for a while: they wanted to move more than the 0.1 MiB a second that they may.',
    ]);
  });
});

describe('a connection that is lost', () => {
  it('is made again when the plugin is back soon, and the plugin is initialised before the next call', async () => {
    echo = await RemoteEcho.start();
    const host = hosted({ timings: { lossMs: 20_000 } });
    host.host.apply([remote(echo.command)]);
    await host.serving(ID);
    const { port } = echo;
    await echo.end();
    echo = await RemoteEcho.start({ port });
    let content: unknown;
    await until(() => {
      void ask(host.host.serving(ID)!, 'GET', '/').then(({ json }) => (content = json), () => undefined);
      return content !== undefined;
    }, 20_000);
    expect(content).toMatchObject({ content: 'Hello', pid: echo.pid, config: { slug: 'echo' } });
    expect(host.host.status(ID)).toMatchObject({ state: 'ready', generation: 1, restarts: 0 });
    await keeps(host, 'again');
    await hearsItself(host, 'again');
  });

  it('ends the generation when it stays away, and a new one begins when it is back', async () => {
    echo = await RemoteEcho.start();
    const host = hosted();
    host.host.apply([remote(echo.command)]);
    await host.serving(ID);
    const { port, address } = echo;
    await echo.end();
    const { reason } = await host.status(ID, ({ state }) => state === 'crashed');
    expect(reason).toBe(`The connection to the plugin at ${address} was lost. Nothing listens at ${address}: the connection was refused.`);
    expect(host.host.serving(ID)).toBeUndefined();
    echo = await RemoteEcho.start({ port });
    await host.serving(ID, 2, 40_000);
    expect(host.host.status(ID)).toMatchObject({ state: 'ready', reason: '' });
    await keeps(host, 'anew');
  });

  it('is given back in order by a plugin that is asked to end', async () => {
    echo = await RemoteEcho.start();
    const host = hosted();
    host.host.apply([remote(echo.command)]);
    await host.serving(ID);
    await echo.end('SIGTERM');
    expect((await host.status(ID, ({ state }) => state === 'crashed')).reason).toContain('was lost');
  });
});

describe('TLS', () => {
  it('protects the connection, and the way back', async () => {
    const [plugin, own] = [await certificates.issue('localhost'), await certificates.issue('host.example')];
    echo = await RemoteEcho.start(plugin);
    const reverse = { listen: { host: '127.0.0.1', port: 0 }, publicAddress: '127.0.0.1:0', ...own, caFile: certificates.caFile };
    const host = hosted({ reverse });
    host.host.apply([remote(`grpc://localhost:${echo.port}?tls=on&ca=${certificates.caFile}`)]);
    await host.serving(ID);
    await keeps(host, 'secret');
    await hearsItself(host, 'secret');
  });

  it('is mutual where the plugin asks for it', async () => {
    const [plugin, own] = [await certificates.issue('plugin.example'), await certificates.issue('host.example')];
    echo = await RemoteEcho.start({ ...plugin, clientCaFile: certificates.caFile });
    const host = hosted();
    const [address, query] = [`grpc://localhost:${echo.port}`, `ca=${certificates.caFile}&server_name=plugin.example`];
    host.host.apply([remote(`${address}?${query}&cert=${own.certificateFile}&key=${own.keyFile}`)]);
    await host.serving(ID);
    await keeps(host, 'mutual');
    expect(await failure(`${address}?${query}`)).toMatch(/it may ask for a certificate of this host: name cert and key\.$/);
  });

  it('says what is wrong with it', async () => {
    echo = await RemoteEcho.start(await certificates.issue('other.example'));
    const stranger = await TestCertificates.create();
    try {
      const address = `localhost:${echo.port}`;
      expect(await failure(`grpc://${address}`)).toBe(`What listens at ${address} does not speak gRPC without TLS; add tls=on if it is a plugin with a certificate.`);
      expect(await failure(`grpc://${address}?ca=${stranger.caFile}`)).toMatch(/^The TLS connection to localhost:\d+ failed: .*certificate/);
      expect(await failure(`grpc://${address}?ca=${certificates.caFile}`)).toMatch(/does not match certificate's altnames/);
      expect(await failure(`grpc://${address}?ca=/nowhere/ca.pem`)).toBe('The file /nowhere/ca.pem for the connection to the plugin cannot be read (ENOENT).');
    } finally {
      stranger.remove();
    }
  });
});

describe('what is no plugin', () => {
  it('is said when nothing listens, when it is a web server, and when it is another gRPC server', async () => {
    const web = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    const other = new Server();
    const port = await new Promise<number>((resolve, reject) => other.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))));
    try {
      expect(await failure('grpc://127.0.0.1:1')).toBe('Nothing listens at 127.0.0.1:1: the connection was refused.');
      expect(await failure(`grpc://127.0.0.1:${(web.address() as AddressInfo).port}`)).toContain('does not speak gRPC without TLS');
      expect(await failure(`grpc://127.0.0.1:${port}`)).toContain('speaks gRPC but is not a plugin');
    } finally {
      web.close();
      other.forceShutdown();
    }
  });
});

describe('a host without a way back', () => {
  it('says so in the status of a plugin that asks for the Service API, and the plugin serves without', async () => {
    echo = await RemoteEcho.start();
    const host = hosted({ reverse: null });
    host.host.apply([remote(echo.command)]);
    const generation = await host.serving(ID);
    expect(host.host.status(ID)!.notEnforced).toEqual([expect.stringMatching(/^The plugin asks for kv\.readwrite, .*set PLUGIN_REVERSE_ADDRESS/)]);
    expect((await ask(generation, 'GET', '/')).status).toBe(200);
    await expect(ask(generation, 'GET', '/kv/a').then(({ body }) => Promise.reject(new Error(body.toString())))).rejects.toThrow(/PLUGIN_REVERSE_ADDRESS/);
  });

  it('says so when it cannot read what it was told to show', async () => {
    echo = await RemoteEcho.start();
    const host = hosted({ reverse: { listen: { host: '127.0.0.1', port: 0 }, publicAddress: '127.0.0.1:0', caFile: '/nowhere/ca.pem' } });
    host.host.apply([remote(echo.command)]);
    expect((await host.status(ID, ({ state }) => state === 'crashed')).reason).toBe('This host could not listen for remote plugins at 127.0.0.1:0 (ENOENT); see PLUGIN_REVERSE_ADDRESS.');
  });

  it('says so when it cannot listen', async () => {
    echo = await RemoteEcho.start();
    const host = hosted({ reverse: { listen: { host: '127.0.0.1', port: echo.port }, publicAddress: '127.0.0.1:0' } });
    host.host.apply([remote(echo.command)]);
    const { reason } = await host.status(ID, ({ state }) => state === 'crashed');
    expect(reason).toBe(`This host could not listen for remote plugins at 127.0.0.1:${echo.port} (EADDRINUSE); see PLUGIN_REVERSE_ADDRESS.`);
  });
});
