import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSnapshot, encodeSnapshot, generateSigningKey, signSnapshot, type SignedSnapshot } from '@sluice/config-snapshot';
import { spawnNode, waitFor, type NodeChild } from '@sluice/testing';
import { createPrivateKey } from 'node:crypto';
import { Redis } from 'ioredis';
import { repository } from './stack/repository';
import { Stack, type Servers } from './stack/stack';

jest.setTimeout(120_000);

/** A PostgreSQL and a Redis of this test's own, to be killed. */
async function ownServers(): Promise<Servers & { process: NodeChild }> {
  const folder = mkdtempSync(join(tmpdir(), 'sl-servers-'));
  const child = spawnNode(join(repository, 'libs/platform-server/dist/cli.js'), { args: ['--data', folder] });
  const [line] = await child.waitForOutput(/^\{.*\}$/m, 60_000);
  const { databaseUrl, redisUrl } = JSON.parse(line) as { databaseUrl: string; redisUrl: string };
  return {
    databaseUrl,
    redisUrl,
    process: child,
    close: async () => {
      await child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe('a gateway', () => {
  let servers: Servers & { process: NodeChild };
  let stack: Stack;
  let token: string;

  beforeAll(async () => {
    servers = await ownServers();
    stack = await Stack.start({ servers });
    ({ token } = await stack.app('survivor'));
    await stack.echo('survivor');
    await waitFor(async () => (await call()) === 200);
  }, 120_000);
  afterAll(() => stack?.close());

  const call = async () => (await stack.get('/plugins/survivor/private/x', { authorization: `Bearer ${token}` })).status;

  describe('refuses what Redis should not hold', () => {
    let redis: Redis;
    beforeAll(() => (redis = new Redis(servers.redisUrl)));
    afterAll(() => redis.disconnect());

    /** Replaces what the studio published, together with its pointer, and tells the gateway. */
    async function plant(change: (body: Buffer) => { body: Buffer; revision: number }): Promise<void> {
      const pointerKey = (await redis.keys('*current*'))[0]!;
      const pointer = JSON.parse((await redis.get(pointerKey))!) as { revision: number; root: string; key: string };
      const planted = change((await redis.getBuffer(pointer.key))!);
      const key = `${pointer.key}-planted-${Math.random()}`;
      await redis.set(key, planted.body);
      const announcement = JSON.stringify({ ...pointer, revision: planted.revision, root: 'f'.repeat(64), key });
      await redis.set(pointerKey, announcement);
      for (const channel of await redis.pubsub('CHANNELS', '*')) if (String(channel).includes('announce')) await redis.publish(String(channel), announcement);
    }

    async function expectRefusal(code: string, change: (body: Buffer) => { body: Buffer; revision: number }): Promise<void> {
      const before = await stack.metric('sluice_gateway_snapshot_refusals_total', { code });
      const revision = await stack.metric('sluice_gateway_snapshot_revision');
      await plant(change);
      await waitFor(async () => (await stack.metric('sluice_gateway_snapshot_refusals_total', { code })) > before, { message: `a refusal ${code} is counted` });
      expect(await stack.metric('sluice_gateway_snapshot_revision')).toBe(revision);
      expect(await call()).toBe(200);
    }

    const resigned = (body: Buffer, revision: number, key: ReturnType<typeof createPrivateKey>) => {
      const { header, records } = JSON.parse(body.toString()) as SignedSnapshot;
      const built = buildSnapshot({ namespace: header.namespace, epoch: header.epoch, revision, parent: header.revision, createdAt: new Date(), records });
      return encodeSnapshot(signSnapshot(built, key));
    };
    const studioKey = () => createPrivateKey({ key: Buffer.from(stack.keys.signingKey, 'base64'), format: 'der', type: 'pkcs8' });

    it('a flipped bit', () =>
      expectRefusal('snapshot.badRoot', (body) => {
        const changed = Buffer.from(body);
        const at = changed.indexOf('survivor app');
        changed[at]! ^= 1;
        return { body: changed, revision: 1_000 };
      }));

    it('a snapshot signed with another key', () =>
      expectRefusal('snapshot.unknownKey', (body) => ({ body: resigned(body, 1_001, createPrivateKey(generateSigningKey().privateKeyPem)), revision: 1_001 })));

    it('an older revision replayed', () => expectRefusal('snapshot.staleRevision', (body) => ({ body: resigned(body, 1, studioKey()), revision: 1_002 })));

    it('and says so to the studio', async () => {
      const [gateway] = await stack.api.call<{ id: number }[]>('GET', '/api/v1/gateways');
      await waitFor(async () => JSON.stringify(await stack.api.call('GET', `/api/v1/gateways/${gateway!.id}`)).includes('snapshot.staleRevision'), { message: 'the studio shows the refusal' });
    });
  });

  describe('when studio, Redis and Postgres are killed', () => {
    it('answers on, and from disk when it is started anew', async () => {
      await stack.studio.kill();
      await servers.process.kill();
      for (let i = 0; i < 20; i += 1) expect(await call()).toBe(200);

      await stack.gateway.kill();
      await stack.startGateway();
      await waitFor(async () => (await call()) === 200, { timeoutMs: 20_000, message: 'the gateway serves from disk' });
      expect(await (await stack.get('/readyz?verbose')).text()).toMatch(/disk/);
    });

    it('sets a damaged file aside and serves from the one before it', async () => {
      await stack.gateway.end();
      const snapshots = readdirSync(stack.gatewayFolder, { recursive: true })
        .map((name) => join(stack.gatewayFolder, String(name)))
        .filter((path) => statSync(path).isFile() && readFileSync(path).includes('"records"'))
        .sort((a, b) => revisionOf(b) - revisionOf(a));
      expect(snapshots.length).toBe(2);
      copyFileSync(snapshots[0]!, join(stack.folder, 'kept'));
      writeFileSync(snapshots[0]!, readFileSync(snapshots[0]!).subarray(0, -10));

      await stack.startGateway();
      await waitFor(async () => (await stack.get('/plugins/survivor/x')).status === 200, { timeoutMs: 20_000, message: 'the gateway serves from the snapshot before' });
      expect(readdirSync(stack.gatewayFolder, { recursive: true }).some((name) => String(name).includes('.bad'))).toBe(true);
    });
  });
});

function revisionOf(path: string): number {
  return (JSON.parse(readFileSync(path, 'utf8')) as SignedSnapshot).header.revision;
}
