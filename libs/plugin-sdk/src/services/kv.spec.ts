import { HostKeyValueStore, type KvCalls } from './kv';

class NotFound extends Error {
  readonly code = 5;
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
});
