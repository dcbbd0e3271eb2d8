import { HostKeyValueStore, type KvCalls } from './kv';

class NotFound extends Error {
  readonly code = 5;
}

class Unimplemented extends Error {
  readonly code = 12;
}

function store(values: Record<string, string> = {}) {
  const kept = new Map<string, Buffer>(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
  const expiries: (Date | undefined)[] = [];
  const calls: KvCalls = {
    readPluginKV: async ({ key }) => {
      const value = kept.get(key);
      if (key === 'broken') throw new Error('no connection');
      if (!value) throw new NotFound('key not found');
      return { value };
    },
    writePluginKV: async ({ key, value, expireAt }) => {
      expiries.push(expireAt);
      kept.set(key, value);
      return { created: true };
    },
    deletePluginKV: async ({ key }) => {
      if (!kept.delete(key)) throw new NotFound('key not found');
      return { deleted: true };
    },
    listPluginKV: async ({ prefix }) => {
      if (prefix === 'old host') throw new Unimplemented('unknown method');
      const keys = [...kept.keys()].filter((key) => key.startsWith(prefix));
      return { entries: keys.map((key) => ({ key, sizeBytes: BigInt(kept.get(key)!.length), expireAt: undefined })), nextCursor: keys.length > 1 ? keys[0]! : '' };
    },
    compareAndSetPluginKV: async ({ key, expected, value }) => {
      if (key === 'old host') throw new Unimplemented('unknown method');
      const current = kept.get(key);
      if (current?.toString() !== expected?.toString()) return { swapped: false, current };
      kept.set(key, value);
      return { swapped: true, current: value };
    },
  };
  return { kv: new HostKeyValueStore(() => calls, () => 1_000), expiries };
}

describe('HostKeyValueStore', () => {
  it('tells a missing key from an error', async () => {
    const { kv } = store({ key: 'value' });
    expect(await kv.get('key')).toEqual(Buffer.from('value'));
    expect(await kv.get('missing')).toBeUndefined();
    expect(await kv.getJson('missing')).toBeUndefined();
    await expect(kv.get('broken')).rejects.toThrow('no connection');
  });

  it('keeps bytes, text and JSON', async () => {
    const { kv } = store();
    await kv.set('bytes', new Uint8Array([1]));
    await kv.setJson('json', { a: [1] });
    expect(await kv.get('bytes')).toEqual(Buffer.from([1]));
    expect(await kv.getJson('json')).toEqual({ a: [1] });
  });

  it('turns a time to live into a time', async () => {
    const { kv, expiries } = store();
    await kv.set('a', 'x', { ttlMs: 500 });
    await kv.set('b', 'x');
    expect(expiries).toEqual([new Date(1_500), undefined]);
  });

  it('says whether there was something to delete', async () => {
    const { kv } = store({ key: 'value' });
    expect([await kv.delete('key'), await kv.delete('key')]).toEqual([true, false]);
  });

  it('lists keys with their sizes', async () => {
    const { kv } = store({ 'a/1': 'x', 'a/2': 'yy', b: '' });
    expect(await kv.list({ prefix: 'a/' })).toEqual({ entries: [{ key: 'a/1', sizeBytes: 1 }, { key: 'a/2', sizeBytes: 2 }], nextCursor: 'a/1' });
    expect((await kv.list({ prefix: 'b' })).nextCursor).toBeUndefined();
  });

  it('swaps a value that is the expected one', async () => {
    const { kv } = store({ a: '1' });
    expect(await kv.compareAndSet('a', '0', '2')).toEqual({ swapped: false, current: Buffer.from('1') });
    expect(await kv.compareAndSet('a', '1', '2')).toMatchObject({ swapped: true });
    expect(await kv.compareAndSet('new', undefined, 'n')).toMatchObject({ swapped: true });
    expect((await kv.get('new'))?.toString()).toBe('n');
  });

  it('says in a sentence what a host cannot do', async () => {
    const { kv } = store();
    await expect(kv.list({ prefix: 'old host' })).rejects.toThrow('The host of this plugin cannot list keys.');
    await expect(kv.compareAndSet('old host', undefined, '')).rejects.toThrow('The host of this plugin cannot compare and set keys.');
  });
});
