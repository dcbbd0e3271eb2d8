import { randomUUID } from 'node:crypto';
import { memoryKv } from '../testing/memory-kv';
import { KvStore } from './kv-store';
import { RedisStore } from './redis-store';
import type { Store } from './store';
import { StoreAdapter } from './store-adapter';

const redisUrl = process.env['TEST_REDIS_URL'];
if (!redisUrl) throw new Error('TEST_REDIS_URL is missing: run the tests with `npm test`.');

describe.each([
  ["the plugin's own storage", async (): Promise<Store> => new KvStore(memoryKv())],
  ['Redis', (): Promise<Store> => RedisStore.connect(redisUrl, { warn: () => undefined }, `oauth-test-${randomUUID()}:`)],
])('what the provider keeps in %s', (_where, open) => {
  let store: Store;
  beforeEach(async () => void (store = await open()));
  afterEach(() => store.close());

  it('is found by its id, and, for a session, by its uid', async () => {
    const sessions = new StoreAdapter('Session', store);
    await sessions.upsert('id-1', { uid: 'uid-1', accountId: 'app-1' }, 60);
    expect(await sessions.find('id-1')).toMatchObject({ accountId: 'app-1' });
    expect(await sessions.findByUid('uid-1')).toMatchObject({ accountId: 'app-1' });
    expect([await sessions.find('uid-1'), await sessions.findByUid('id-1')]).toEqual([undefined, undefined]);
  });

  it('is marked when it was used', async () => {
    const codes = new StoreAdapter('AuthorizationCode', store);
    await codes.upsert('code', { exp: Math.floor(Date.now() / 1000) + 60 }, 60);
    await codes.consume('code');
    expect((await codes.find('code'))?.consumed).toEqual(expect.any(Number));
  });

  it('goes with its grant', async () => {
    const [tokens, codes] = [new StoreAdapter('AccessToken', store), new StoreAdapter('AuthorizationCode', store)];
    await tokens.upsert('token', { grantId: 'grant-1' }, 60);
    await codes.upsert('code', { grantId: 'grant-1' }, 60);
    await tokens.upsert('other', { grantId: 'grant-2' }, 60);
    await tokens.revokeByGrantId('grant-1');
    expect([await tokens.find('token'), await codes.find('code')]).toEqual([undefined, undefined]);
    expect(await tokens.find('other')).toBeDefined();
  });

  it('is gone when it was deleted', async () => {
    const tokens = new StoreAdapter('AccessToken', store);
    await tokens.upsert('token', {}, 60);
    await tokens.destroy('token');
    expect(await tokens.find('token')).toBeUndefined();
  });

  it('is made once, whoever asks first', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((value) => store.once('key', () => value)));
    expect(new Set(made).size).toBe(1);
  });
});

it('says so when Redis is not there', async () => {
  await expect(RedisStore.connect('redis://127.0.0.1:1', { warn: () => undefined })).rejects.toThrow('The Redis of the config value "redis_url" cannot be used');
});
