import 'reflect-metadata';
import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { encodeSnapshot, generateSigningKey } from '@sluice/config-snapshot';
import { startTelemetry, type Telemetry } from '@sluice/platform-telemetry';
import { DockerRegistry, isRegistryMissing, Publisher } from '@sluice/plugin-runtime/testing';
import { pino } from 'pino';
import { readConfig } from './config';
import { createGateway } from './create-gateway';
import { GatewayServer } from './http/gateway-server';
import { loadIdentity } from './snapshot/identity-key';
import { pluginRecord, signedSnapshot } from './testing/records';

const GO_ECHO = resolve(__dirname, '../../../examples/plugins/go-echo');
const missing = [...(isRegistryMissing() ? ['docker-registry'] : []), ...(spawnSync('go', ['version']).status === 0 ? [] : ['go'])];
const key = generateSigningKey();

jest.setTimeout(60_000);

(missing.length > 0 ? describe.skip : describe)(`a gateway with a plugin from a registry${missing.length > 0 ? ` (skipped: there is no ${missing.join(' and no ')} on this machine)` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwo-'));
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let telemetry: Telemetry;
  let registry: DockerRegistry;
  let publisher: Publisher;
  let digest: string;
  let app: NestFastifyApplication | undefined;

  beforeAll(async () => {
    telemetry = startTelemetry({ serviceName: 'test', serviceVersion: '0', config: { logLevel: 'info', otlpEndpoint: undefined, sampledShare: 1 } });
    await promisify(execFile)('go', ['build', '-o', join(folder, 'echo'), '.'], { cwd: GO_ECHO });
    registry = await DockerRegistry.start();
    publisher = new Publisher(registry.origin, 'plugins/echo');
    await registry.up();
    digest = (await publisher.plugin('v1', [{ bytes: readFileSync(join(folder, 'echo')) }])).digest;
    await publisher.signatures(digest, [signing.privateKey]);
    mkdirSync(join(folder, 'state'));
  }, 300_000);
  afterAll(async () => {
    await registry?.remove();
    await telemetry?.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  /** Starts on a snapshot with this plugin, and resolves with what `/readyz` says of it once that fits. */
  const startWith = async (pinned: string, state: string, cache = 'cache') => {
    const record = pluginRecord({ id: 1, slug: 'echo', command: `oci://${registry.host}/plugins/echo:v1`, digest: pinned, config: { slug: 'echo', content: 'from a registry' } });
    writeFileSync(join(folder, 'state/snapshot.json'), encodeSnapshot(signedSnapshot([record], 3, key)));
    const config = readConfig({
      EDGE_SHARED_KEY: Buffer.alloc(32, 9).toString('base64'),
      SNAPSHOT_PUBLIC_KEYS: key.publicKeyText,
      GATEWAY_STATE_DIR: join(folder, 'state'),
      GATEWAY_NAME: 'gw-1',
      PLUGIN_RUN_DIR: join(folder, 'run'),
      PLUGIN_CACHE_DIR: join(folder, cache),
      PLUGIN_REGISTRIES: registry.host,
      PLUGIN_SIGNING_KEYS: registry.file('cosign.pub', signing.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    });
    app = await createGateway({ config, logger: pino({ level: 'silent' }), telemetry, server: new GatewayServer(config.clients), identity: await loadIdentity(config.identity.stateFolder) });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
      const said = await (await fetch(`${url}/readyz?verbose`)).text();
      if (said.includes(`"state":"${state}"`)) return url;
      if (Date.now() > deadline) throw new Error(`The plugin does not become ${state}: ${said}`);
    }
  };
  const answerOf = async (url: string) => (await (await fetch(`${url}/plugins/echo/x`)).json()) as Record<string, unknown>;

  it('fetches it, checks its signature and serves it', async () => {
    expect(await answerOf(await startWith(digest, 'ready'))).toMatchObject({ content: 'from a registry' });
  });

  it('starts it again out of its cache when the registry is down', async () => {
    await registry.down();
    try {
      expect(await answerOf(await startWith(digest, 'ready'))).toMatchObject({ content: 'from a registry' });
      await app!.close();
      const url = await startWith(digest, 'backoff', 'empty-cache');
      expect((await fetch(`${url}/plugins/echo/x`)).status).toBe(503);
    } finally {
      await registry.up();
    }
  });

  it('does not start what nobody signed, whatever the snapshot pins', async () => {
    const { digest: unsigned } = await publisher.plugin('v2', [{ bytes: Buffer.concat([readFileSync(join(folder, 'echo')), Buffer.from('v2')]) }]);
    const url = await startWith(unsigned, 'backoff');
    expect((await fetch(`${url}/plugins/echo/x`)).status).toBe(503);
  });
});
