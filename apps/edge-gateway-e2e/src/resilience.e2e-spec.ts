import { createPrivateKey, type KeyObject } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDelta, generateSigningKey, newHeader, recordText, signHeader, type SignedHeader } from '@sluice/config-snapshot';
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

  const checkpoints = (): string[] => readdirSync(stack.gatewayFolder).filter((name) => name.endsWith('.checkpoint')).map((name) => join(stack.gatewayFolder, name));
  afterAll(() => stack?.close());

  const call = async () => (await stack.get('/plugins/survivor/private/x', { authorization: `Bearer ${token}` })).status;

  it('takes all of a new epoch, and keeps what it had before', async () => {
    const epochOf = async () => ((await (await stack.get('/readyz?verbose')).json()) as { epoch: string }).epoch;
    const before = await epochOf();
    const command = spawnNode(join(repository, 'apps/studio/dist/new-epoch.js'), { env: { DATABASE_URL: servers.databaseUrl } });
    expect((await command.exited).code).toBe(0);
    const epoch = /Epoch (\S+) has begun/.exec(command.stdout())?.[1];
    await waitFor(async () => (await epochOf()) === epoch, { timeoutMs: 20_000, message: 'the gateway serves the new epoch' });
    expect(epoch).not.toBe(before);
    expect(await call()).toBe(200);
    await waitFor(() => checkpoints().length === 2, { message: 'two checkpoints are on the disk' });
  });

  describe('refuses what Redis should not hold', () => {
    let redis: Redis;
    beforeAll(() => (redis = new Redis(servers.redisUrl)));
    afterAll(() => redis.disconnect());

    /** Announces a change of one app as the next one, as someone who can write to Redis could. */
    async function plant(key: KeyObject, revision: 'next' | 'old'): Promise<void> {
      const [pointer] = await redis.keys('*:pointer');
      const channel = pointer!.replace(/pointer$/, 'announcements');
      const [epoch, current] = await redis.hmget(pointer!, 'epoch', 'revision');
      const [parent, next] = [Number(current), Number(current) + 1];
      const root = 'f'.repeat(64);
      const header = newHeader({ namespace: '', epoch: epoch!, revision: revision === 'next' ? next : 1, parent, root, records: 3, createdAt: new Date() });
      const app = recordText({ kind: 'app', id: '9', data: { id: 9, name: 'planted', description: '', owner_email: '', is_active: true, monthly_budget: null, rate_limit: 0, metadata: {}, namespace: '', created_at: 0, updated_at: 0 } });
      const delta = encodeDelta({ signed: signHeader(header, key), deletes: [], upserts: [app] });
      await redis.publish(channel, Buffer.concat([Buffer.from(`${JSON.stringify({ epoch, revision: next, root, parent })}\n`), delta]));
    }

    async function expectRefusal(code: string, key: KeyObject, revision: 'next' | 'old' = 'next'): Promise<void> {
      const refusals = () => stack.metric('sluice_snapshot_refusals_total', { code });
      const before = await refusals();
      const applied = await stack.metric('sluice_snapshot_revision');
      await plant(key, revision);
      await waitFor(async () => (await refusals()) > before, { message: `a refusal ${code} is counted` });
      expect(await stack.metric('sluice_snapshot_revision')).toBe(applied);
      expect(await call()).toBe(200);
    }

    const studioKey = () => createPrivateKey({ key: Buffer.from(stack.keys.signingKey, 'base64'), format: 'der', type: 'pkcs8' });

    it('records that are not those of the signed root', () => expectRefusal('snapshot.badRoot', studioKey()));

    it('a change signed with another key', () => expectRefusal('snapshot.unknownKey', createPrivateKey(generateSigningKey().privateKeyPem)));

    it('an older revision replayed', () => expectRefusal('snapshot.staleRevision', studioKey(), 'old'));

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
      const snapshots = checkpoints().sort((a, b) => revisionOf(b) - revisionOf(a));
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
  return (JSON.parse(readFileSync(path, 'latin1').split('\n')[0]!) as SignedHeader).header.revision;
}
