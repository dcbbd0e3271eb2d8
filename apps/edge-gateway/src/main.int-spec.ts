import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodeSnapshot, generateSigningKey } from '@sluice/config-snapshot';
import { spawnNode, type NodeChild } from '@sluice/testing';
import { pluginRecord, signedSnapshot } from './testing/records';

const MAIN = resolve(__dirname, '../dist/main.js');
const ECHO = resolve(__dirname, '../../../examples/plugins/echo-endpoint/dist/main.js');
const key = generateSigningKey();

let folder: string;
let gateway: NodeChild | undefined;

const start = (env: Record<string, string | undefined>) =>
  (gateway = spawnNode(MAIN, {
    env: {
      REDIS_URL: undefined, STUDIO_URL: undefined, STUDIO_GRPC_URL: undefined, LOG_LEVEL: undefined,
      EDGE_SHARED_KEY: Buffer.alloc(32, 5).toString('base64'), SNAPSHOT_PUBLIC_KEYS: key.publicKeyText,
      GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: '0', GATEWAY_STATE_DIR: join(folder, 'state'), PLUGIN_RUN_DIR: join(folder, 'run'),
      ...env,
    },
  }));
/** The processes that were told to put their sockets below this test's folder: its plugins. */
const plugins = async () => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => environments[index]!.includes(`PLUGIN_UNIX_SOCKET_DIR=${folder}`));
};

beforeEach(async () => {
  for (const file of [MAIN, ECHO]) if (!existsSync(file)) throw new Error(`${file} is missing: build first.`);
  folder = await mkdtemp(join(tmpdir(), 'gw-main-'));
  await mkdir(join(folder, 'state'));
  const records = [pluginRecord({ id: 1, slug: 'echo', command: `file://${ECHO}`, config: { slug: 'echo' } })];
  await writeFile(join(folder, 'state/snapshot.json'), encodeSnapshot(signedSnapshot(records, 1, key)));
});
afterEach(async () => {
  await gateway?.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('the gateway process', () => {
  it('names every bad setting and exits with 1', async () => {
    const { exited, stderr } = start({ EDGE_SHARED_KEY: 'short', GATEWAY_PORT: 'eighty', STUDIO_GRPC_URL: 'nowhere' });
    expect((await exited).code).toBe(1);
    for (const variable of ['EDGE_SHARED_KEY', 'GATEWAY_PORT', 'STUDIO_GRPC_URL']) expect(stderr()).toContain(variable);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends its plugins and exits with 0 on %s', async (signal) => {
    const child = start({});
    const [, url] = await child.waitForOutput(/"gateway\.started","url":"([^"]+)"/, 30_000);
    await child.waitForOutput(/"state":"ready"/, 30_000);
    expect((await fetch(`${url}/plugins/echo/x`)).status).toBe(200);
    expect(await plugins()).toHaveLength(1);
    expect(await child.end(signal)).toEqual({ code: 0, signal: null });
    expect(await plugins()).toEqual([]);
  });

  it('leaves no plugin behind when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const child = start({ GATEWAY_PORT: String((taken.address() as AddressInfo).port) });
    expect((await child.exited).code).toBe(1);
    taken.close();
    expect(child.stderr()).toContain('EADDRINUSE');
    expect(child.stdout()).toContain('"state":"starting"');
    expect(await plugins()).toEqual([]);
  });
});
