import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { deriveEdgeKeys, encodeSnapshot, generateSigningKey, hashToken } from '@sluice/config-snapshot';
import { startTelemetry, type Telemetry } from '@sluice/platform-telemetry';
import { pino } from 'pino';
import { readConfig } from './config';
import { createGateway } from './create-gateway';
import { GatewayServer } from './http/gateway-server';
import { loadIdentity } from './snapshot/identity-key';
import { appRecord, pluginRecord, signedSnapshot, tokenRecord } from './testing/records';

const ECHO = resolve(__dirname, '../../../examples/plugins/echo-endpoint/dist/main.js');
const key = generateSigningKey();
const sharedKey = Buffer.alloc(32, 9);
const { tokenHashKey } = deriveEdgeKeys(sharedKey);

const snapshotOf = (revision: number, content: string) =>
  encodeSnapshot(
    signedSnapshot(
      [
        appRecord({ id: 4, name: 'Shop' }),
        tokenRecord({ id: 1, app_id: 4, hash: hashToken(tokenHashKey, 'tok'), scopes: ['echo'] }),
        pluginRecord({ id: 1, name: 'Echo', slug: 'echo', command: `file://${ECHO}`, config: { slug: 'echo', content }, approved_scopes: ['kv.readwrite', 'apps.read'] }),
      ],
      revision,
      key,
    ),
  );

let folder: string;
let telemetry: Telemetry;
let app: NestFastifyApplication | undefined;
let url: string;

beforeAll(() => {
  if (!existsSync(ECHO)) throw new Error(`${ECHO} is missing: build echo-endpoint first.`);
  telemetry = startTelemetry({ serviceName: 'test', serviceVersion: '0', config: { logLevel: 'info', otlpEndpoint: undefined, sampledShare: 1 } });
});
afterAll(() => telemetry.shutdown());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gw-'));
  await mkdir(join(folder, 'state'));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await rm(folder, { recursive: true, force: true });
});

const start = async () => {
  const config = readConfig({
    EDGE_SHARED_KEY: sharedKey.toString('base64'),
    SNAPSHOT_PUBLIC_KEYS: key.publicKeyText,
    GATEWAY_STATE_DIR: join(folder, 'state'),
    PLUGIN_RUN_DIR: join(folder, 'run'),
    GATEWAY_NAME: 'gw-1',
  });
  const identity = await loadIdentity(config.identity.stateFolder);
  app = await createGateway({ config, logger: pino({ level: 'silent' }), telemetry, server: new GatewayServer(config.clients), identity });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
};

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
};
/** The status line and the body of the answer to these bytes. */
const sendRaw = async (bytes: string): Promise<[string, Record<string, unknown>]> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) if ((text += chunk as string).endsWith('}')) break;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return [head.split('\r\n')[0]!, JSON.parse(body) as Record<string, unknown>];
};
const until = async (condition: () => Promise<boolean>) => {
  for (const deadline = Date.now() + 20_000; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error('It did not happen within 20 s.');
    await sleep(20);
  }
};
const ready = () => until(async () => (await get('/readyz')).status === 200);

describe('a gateway with a snapshot on its disk and no network', () => {
  beforeEach(async () => {
    await writeFile(join(folder, 'state/snapshot.json'), snapshotOf(3, 'from disk'));
    await start();
    await ready();
  });

  it('has its plugin answer requests, with app and scopes behind a token', async () => {
    expect((await get('/plugins/echo/users/1?x=1')).json()).toMatchObject({ relative_path: '/users/1', content: 'from disk', authenticated: false, runtime: 'gateway' });
    expect((await get('/plugins/echo/private/x')).status).toBe(401);
    const answer = await get('/plugins/echo/private/x', { headers: { authorization: 'Bearer tok' } });
    expect(answer.json()).toMatchObject({ authenticated: true, app: { id: 4, name: 'Shop' }, scopes: ['echo'] });
  });

  it('answers its plugin through the Service API', async () => {
    expect((await get('/plugins/echo/kv/colour')).status).toBe(404);
    expect((await get('/plugins/echo/kv/colour', { method: 'PUT', body: 'green' })).status).toBe(200);
    expect((await get('/plugins/echo/kv/colour')).text).toBe('green');
    expect((await get('/plugins/echo/kv/colour', { method: 'DELETE' })).status).toBe(204);
    expect((await get('/plugins/echo/kv/colour')).status).toBe(404);
    expect((await get('/plugins/echo/apps')).json()).toEqual({ apps: [{ id: 4, name: 'Shop' }], total: 1 });
  });

  it('streams from its plugin', async () => {
    const answer = await get('/plugins/echo/stream?count=3&interval_ms=10');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.text.match(/data: /g)).toHaveLength(3);
  });

  it('tells health, readiness, version and metrics', async () => {
    await get('/plugins/echo/x');
    await get('/plugins/echo/private/x');
    expect((await get('/livez')).json()).toEqual({ status: 'alive' });
    expect((await get('/version')).json()).toMatchObject({ name: 'edge-gateway', snapshot_format: 2 });
    expect((await get('/readyz')).json()).toMatchObject({ status: 'ready', revision: 3, source: 'disk', root: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((await get('/readyz?verbose')).json()).toMatchObject({
      checks: [{ name: 'snapshot', ok: true }, { name: 'plugins', ok: true }, { name: 'running', ok: true }],
      plugins: [{ id: 1, name: 'Echo', slug: 'echo', state: 'ready' }],
    });
    expect((await get('/readyz?min_revision=3')).json()).toMatchObject({ status: 'ready' });
    expect((await get('/readyz?verbose&min_revision=4')).json()).toMatchObject({ status: 'not ready', checks: [{ ok: true }, { name: 'revision', ok: false }, { ok: true }, { ok: true }] });
    expect((await get('/readyz?min_revision=x')).json()).toMatchObject({ status: 400, code: 'request.badRevision' });
    const { text } = await get('/metrics');
    expect(text).toMatch(/^sluice_snapshot_revision\{.*\} 3$/m);
    expect(text).toMatch(/^sluice_config_age_seconds\{.*\} \d/m);
    expect(text).toMatch(/^sluice_plugin_state\{.*state="ready".*\} 1$/m);
    expect(text).toMatch(/^sluice_plugin_state\{.*state="starting".*\} 0$/m);
    expect(text).toMatch(/^sluice_plugin_generations\{.*state="ready".*\} 1$/m);
    expect(text).toMatch(/^sluice_plugin_generation_active_calls\{.*state="draining".*\} 0$/m);
    expect(text).toMatch(/^sluice_endpoint_requests_total\{plugin="echo",kind="unary",status="200",.*\} [1-9]/m);
    expect(text).toMatch(/^sluice_endpoint_requests_total\{plugin="echo",kind="unary",status="401",.*code="endpoint.tokenMissing".*\} [1-9]/m);
    expect(text).toMatch(/^sluice_plugin_call_duration_seconds_count\{.*outcome="ok".*\} [1-9]/m);
  });

  it('answers problems for what it does not serve', async () => {
    const answer = await get('/nowhere');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.status, answer.json()]).toMatchObject([404, { code: 'request.notFound', error: 'Nothing is served at this path.' }]);
  });

  it.each([
    [400, 'request.malformed', 'a header line that goes on in the next', 'X: a\r\n b\r\nHost: a\r\n'],
    [400, 'request.malformed', 'two lengths', 'Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n'],
    [431, 'request.headTooLarge', 'a head that is too large', `Host: a\r\nX: ${'x'.repeat(20_000)}\r\n`],
    [400, 'request.badHost', 'no Host', ''],
    [400, 'request.badHost', 'a second Host after many header lines', `Host: a\r\n${'a:\r\n'.repeat(190)}Host: b\r\n`],
    [431, 'request.headTooLarge', 'a second Host after thousands of header lines', `Host: a\r\n${'a:\r\n'.repeat(2_100)}Host: b\r\n`],
  ])('answers %d %s to %s', async (status, code, _, head) => {
    const [statusLine, problem] = await sendRaw(`GET /plugins/echo/x HTTP/1.1\r\n${head}\r\n`);
    expect(statusLine).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(problem).toMatchObject({ status, code, error: expect.any(String) });
  });

  it('refuses a target that names another host than Host does', async () => {
    const [statusLine, problem] = await sendRaw('GET http://other/plugins/echo/x HTTP/1.1\r\nHost: a\r\n\r\n');
    expect([statusLine, problem]).toEqual(['HTTP/1.1 400 Bad Request', expect.objectContaining({ code: 'request.badHost' })]);
  });

  it('lets what is in progress end before it stops', async () => {
    const answer = get('/plugins/echo/stream?count=10&interval_ms=100');
    await until(async () => /requests_active\{plugin="echo",kind="stream".*\} 1$/m.test((await get('/metrics')).text));
    const closing = app!.close();
    app = undefined;
    expect((await answer).text.match(/data: /g)).toHaveLength(10);
    await closing;
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

it('goes on with the snapshot before a damaged one, which it sets aside', async () => {
  const damaged = snapshotOf(4, 'damaged');
  damaged[damaged.indexOf('Shop')]! ^= 1;
  await writeFile(join(folder, 'state/snapshot.json'), damaged);
  await writeFile(join(folder, 'state/snapshot.previous.json'), snapshotOf(3, 'the one before'));
  await start();
  await ready();
  expect((await get('/plugins/echo/x')).json()).toMatchObject({ content: 'the one before' });
  const files = await readdir(join(folder, 'state'));
  const aside = files.find((file) => file.startsWith('snapshot.json.bad-'));
  expect(await readFile(join(folder, 'state', aside!))).toEqual(damaged);
});

it('is alive and not ready without any snapshot', async () => {
  await start();
  expect((await get('/livez')).status).toBe(200);
  const readiness = await get('/readyz?verbose');
  expect([readiness.status, readiness.json()]).toMatchObject([503, { status: 'not ready', revision: null, checks: [{ name: 'snapshot', ok: false }, {}, {}] }]);
  expect((await get('/plugins/echo/x')).status).toBe(503);
});
