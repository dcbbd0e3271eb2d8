import { createPrivateKey, type KeyObject } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSnapshot, encodeSnapshot, generateSigningKey, signSnapshot, type SignedSnapshot } from '@sluice/config-snapshot';
import { spawnNode, waitFor, type NodeChild } from '@sluice/testing';
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

    /** Makes this the newest snapshot in Redis and tells the gateway, as someone who can write to Redis could. */
    async function plant(revision: number, change: (body: Buffer) => Buffer): Promise<void> {
      const [pointer] = await redis.keys('*:pointer');
      const published = await redis.hgetall(pointer!);
      const key = published['key']!.replace(/\.\d+$/, `.${revision}`);
      await redis.set(key, change((await redis.getBuffer(published['key']!))!));
      await redis.hset(pointer!, { revision, root: 'f'.repeat(64), key });
      await redis.publish(pointer!.replace(/pointer$/, 'announcements'), '{}');
    }

    async function expectRefusal(code: string, revision: number, change: (body: Buffer) => Buffer): Promise<void> {
      const refusals = () => stack.metric('sluice_snapshot_refusals_total', { code });
      const before = await refusals();
      const applied = await stack.metric('sluice_snapshot_revision');
      await plant(revision, change);
      await waitFor(async () => (await refusals()) > before, { message: `a refusal ${code} is counted` });
      expect(await stack.metric('sluice_snapshot_revision')).toBe(applied);
      expect(await call()).toBe(200);
    }

    const resigned = (body: Buffer, revision: number, key: KeyObject) => {
      const { header, records } = JSON.parse(body.toString()) as SignedSnapshot;
      const built = buildSnapshot({ namespace: header.namespace, epoch: header.epoch, revision, parent: header.revision, createdAt: new Date(), records });
      return encodeSnapshot(signSnapshot(built, key));
    };
    const studioKey = () => createPrivateKey({ key: Buffer.from(stack.keys.signingKey, 'base64'), format: 'der', type: 'pkcs8' });

    it('a flipped bit', () =>
      expectRefusal('snapshot.badRoot', 1_000, (body) => {
        const flipped = resigned(body, 1_000, studioKey());
        flipped[flipped.indexOf('survivor app')]! ^= 1;
        return flipped;
      }));

    it('a snapshot signed with another key', () =>
      expectRefusal('snapshot.unknownKey', 1_001, (body) => resigned(body, 1_001, createPrivateKey(generateSigningKey().privateKeyPem))));

    it('an older revision replayed', () => expectRefusal('snapshot.staleRevision', 1_002, (body) => resigned(body, 1, studioKey())));

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
