import { deriveEdgeKeys, hashToken, openConfig } from '@sluice/config-snapshot';
import { snapshotKeys } from '@sluice/edge-link';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { NamespaceKeys } from '../namespace-keys';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { PublishedSnapshot } from '../../testing/published-snapshot';
import { TestStudio, type Answer } from '../../testing/test-studio';

const SECRET = 'the very secret of the tests';

jest.setTimeout(60_000);

describe.each(['postgres', 'redis'])('snapshots with jobs on %s', (backend) => {
  let server: TestRedis;
  let redis: Redis;
  let studio: TestStudio;
  beforeAll(async () => {
    server = await testRedis();
    redis = new Redis(server.url);
    studio = await TestStudio.start({ environment: { REDIS_URL: server.url, QUEUE_BACKEND: backend } });
  });
  afterAll(async () => {
    await studio.close();
    redis.disconnect();
    await server.close();
  });

  const published = (namespace = ''): Promise<PublishedSnapshot | undefined> => PublishedSnapshot.read(redis, studio.config, namespace);

  async function revisionOf(namespace: string): Promise<number> {
    const rows: { revision: string }[] = await studio.app.get(DataSource).query('SELECT revision FROM snapshot_namespaces WHERE namespace = $1', [namespace]);
    return Number(rows[0]?.revision ?? 0);
  }

  /** The snapshot of what is committed now, as soon as it is in Redis. */
  async function settled(namespace = ''): Promise<PublishedSnapshot> {
    const snapshot = await waitFor(async () => {
      const candidate = await published(namespace);
      return candidate && candidate.header.revision >= (await revisionOf(namespace)) ? candidate : undefined;
    });
    return snapshot!;
  }

  const register = (config: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Answer> =>
    studio.call('POST', '/api/v1/plugins', { body: { name: 'Echo', command: ECHO_PLUGIN, config, ...more } });

  it('publishes the default namespace before anybody wrote anything', async () => {
    expect((await settled()).header).toMatchObject({ format: 2, namespace: '', parent: null });
  });

  it('brings a plugin, an app and its token to gateways, the secret sealed and the token hashed', async () => {
    const { tokenHashKey, secretKey } = deriveEdgeKeys(studio.config.edge.sharedKey);
    const keys = { namespaceKey: await studio.app.get(NamespaceKeys, { strict: false }).current(studio.app.get(DataSource).manager, ''), sharedKey: secretKey };
    const plugin = (await register({ slug: 'snap', secret: SECRET })).body.data;
    const app = (await studio.call('POST', '/api/v1/apps', { body: { name: 'Caller', metadata: { tier: 'gold' } } })).body.data;
    const token = (await studio.call('POST', `/api/v1/apps/${app.id}/tokens`, { body: { name: 'one', scopes: ['read'] } })).body.data;
    const snapshot = await settled();
    const [data] = snapshot.of('plugin');
    expect(data).toMatchObject({ id: plugin.id, slug: 'snap', command: ECHO_PLUGIN, hooks: plugin.hook_types, approved_scopes: [], reloads: 0 });
    expect(JSON.stringify(data)).not.toContain(SECRET);
    expect(openConfig(data!.config, keys, `plugin ${plugin.id}`)).toEqual({ slug: 'snap', secret: SECRET });
    expect(snapshot.of('app')).toEqual([expect.objectContaining({ id: app.id, name: 'Caller', owner_email: 'admin@example.com', metadata: { tier: 'gold' } })]);
    expect(snapshot.of('token')).toEqual([{ id: token.id, app_id: app.id, hash: hashToken(tokenHashKey, token.token), scopes: ['read'], expires_at: null }]);

    expect((await studio.call('DELETE', `/api/v1/apps/${app.id}/tokens/${token.id}`)).status).toBe(204);
    const after = await settled();
    expect(after.of('token')).toEqual([]);
    expect(after.header.parent).toBeLessThan(after.header.revision);
    expect(after.header.epoch).toBe(snapshot.header.epoch);
  });

  it('leaves out what is not for gateways', async () => {
    const inactive = (await register({ slug: 'asleep' }, { is_active: false })).body.data;
    const uiOnly = (await register({ slug: 'snap' }, { hook_types: ['studio_ui'] })).body.data;
    expect(uiOnly.slug).toBeNull();
    const ids = (await settled()).of('plugin').map((plugin) => plugin.id);
    expect(ids).not.toContain(inactive.id);
    expect(ids).not.toContain(uiOnly.id);
    expect(ids).not.toHaveLength(0);
  });

  it('gives a namespace its own things and those of everyone', async () => {
    await register({ slug: 'for-all' });
    await register({ slug: 'for-eu' }, { namespace: 'eu' });
    await register({ slug: 'for-us' }, { namespace: 'us' });
    const slugs = async (namespace: string): Promise<(string | null)[]> => (await settled(namespace)).of('plugin').map((plugin) => plugin.slug);
    const eu = await slugs('eu');
    expect(eu).toEqual(expect.arrayContaining(['for-all', 'for-eu']));
    expect(eu).not.toContain('for-us');
    expect(await slugs('')).not.toContain('for-eu');
    const before = (await settled('eu')).header.revision;
    await register({ slug: 'for-all-too' });
    expect((await settled('eu')).header.revision).toBe(before + 1);
    expect(await slugs('eu')).toContain('for-all-too');
  });

  it('publishes within the time that a change has to reach gateways in', async () => {
    await settled();
    const times: number[] = [];
    for (let round = 0; round < 8; round++) {
      const start = performance.now();
      const answer = await studio.call('POST', '/api/v1/apps', { body: { name: `App ${round}` } });
      expect(answer.status).toBe(201);
      await waitFor(async () => (await published())?.of('app').some((app) => app.name === `App ${round}`), { intervalMs: 2 });
      times.push(performance.now() - start);
    }
    // The guarantee is one second for the whole way, on a slow machine too; the median is far below a tenth of it.
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(1_000);
    if (process.env.TEST_LOG_LEVEL) console.log(backend, times.map(Math.round));
  });

  it('publishes again what Redis lost', async () => {
    const before = await settled();
    await redis.del(snapshotKeys('').pointer);
    const after = await waitFor(() => published(), { timeoutMs: 20_000 });
    expect(after?.header).toEqual(before.header);
  });

  it('takes back a pointer that somebody moved ahead', async () => {
    await settled();
    await redis.hset(snapshotKeys('').pointer, 'revision', '999999');
    await waitFor(async () => (await published())?.header.revision === (await revisionOf('')), { timeoutMs: 20_000 });
  });
});
