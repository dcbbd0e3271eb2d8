import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { KvStore } from './kv-store';
import { PluginDatabase } from './plugin-database';

const bytes = (text: string) => Buffer.from(text);
const code = (work: Promise<unknown>) => work.then(() => 'none', (error: { code: string }) => error.code);
/** What an entry costs besides its key and value. */
const OVERHEAD = 64;

describe('KvStore', () => {
  const clock = new FakeClock(1_000);
  let folder: string;
  let database: PluginDatabase;
  let kv: KvStore;

  const open = async (quotaBytes = 64 * 1_048_576) => {
    database = await PluginDatabase.open(folder, clock, pino({ level: 'silent' }));
    kv = await KvStore.open(database, clock, quotaBytes);
  };
  const reopen = async (quotaBytes?: number) => {
    await database.close();
    await open(quotaBytes);
  };
  const read = async (pluginId: number, key: string) => (await kv.read(pluginId, key)).toString();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sl-kv-'));
    await open();
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps values of each plugin apart, whatever their keys look like', async () => {
    expect(await kv.write(1, 'k', bytes('one'))).toBe(true);
    expect(await kv.write(2, 'k', bytes('two'))).toBe(true);
    expect(await kv.write(1, 'k', bytes('three'))).toBe(false);
    expect([await read(1, 'k'), await read(2, 'k')]).toEqual(['three', 'two']);
    for (const key of ['2/k', '../2/k', '\u0000\u0000\u0000\u0002k', '/k', 'k\u0000']) expect(await code(kv.read(1, key))).toBe('gateway.keyNotFound');
    expect((await kv.list(1, '', '\u0000', 0)).entries.map(({ key }) => key)).toEqual(['k']);
    expect((await kv.list(256, '', '', 0)).entries).toEqual([]);
    expect(await kv.delete(1, 'k')).toBe(true);
    expect(await kv.delete(1, 'k')).toBe(false);
    expect(await read(2, 'k')).toBe('two');
  });

  it('has everything again after it was closed', async () => {
    const value = Buffer.alloc(5 * 1_048_576, 7);
    await kv.write(1, 'big', value);
    await kv.write(1, 'gone', bytes('v'));
    await kv.delete(1, 'gone');
    await kv.write(1, 'short', bytes('v'), clock.now() + 10);
    await reopen();
    expect((await kv.read(1, 'big')).equals(value)).toBe(true);
    expect(await code(kv.read(1, 'gone'))).toBe('gateway.keyNotFound');
    expect(await read(1, 'short')).toBe('v');
    clock.advance(10);
    expect(await code(kv.read(1, 'short'))).toBe('gateway.keyNotFound');
  });

  it('forgets a value when its time has come', async () => {
    await kv.write(1, 'k', bytes('v'), clock.now() + 10);
    clock.advance(9);
    expect(await read(1, 'k')).toBe('v');
    clock.advance(1);
    expect(await code(kv.read(1, 'k'))).toBe('gateway.keyNotFound');
    expect(await kv.delete(1, 'k')).toBe(false);
    expect(await kv.write(1, 'k', bytes('v'))).toBe(true);
  });

  it('gives a plugin a bounded space, which a restart does not widen, and expired values do not count', async () => {
    const quota = 2 * (OVERHEAD + 50);
    await reopen(quota);
    await kv.write(1, 'a', Buffer.alloc(49), clock.now() + 10);
    await kv.write(1, 'b', Buffer.alloc(49));
    await reopen(quota);
    expect(await code(kv.write(1, 'c', bytes('x')))).toBe('gateway.quotaExceeded');
    expect(await kv.write(1, 'b', Buffer.alloc(40))).toBe(false);
    expect(await kv.write(2, 'c', bytes('x'))).toBe(true);
    clock.advance(10);
    expect(await kv.write(1, 'c', Buffer.alloc(50))).toBe(true);
    expect(await code(kv.write(1, 'd', Buffer.alloc(50)))).toBe('gateway.quotaExceeded');
  });

  it('holds the quota against writes side by side', async () => {
    await reopen(10 * (OVERHEAD + 11));
    const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => code(kv.write(1, String(index).padStart(2, '0'), Buffer.alloc(9)))));
    expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'gateway.quotaExceeded')).toHaveLength(20);
  });

  it('refuses keys without text and values beyond 5 MB', async () => {
    expect(await code(kv.write(1, '', bytes('v')))).toBe('gateway.badKey');
    expect(await code(kv.write(1, 'k'.repeat(1025), bytes('v')))).toBe('gateway.badKey');
    await expect(kv.write(1, 'k', Buffer.alloc(5 * 1_048_576 + 1))).rejects.toMatchObject({ code: 'gateway.valueTooLarge', message: expect.stringContaining('5 MB') });
    expect(await kv.write(1, 'k', Buffer.alloc(5 * 1_048_576))).toBe(true);
  });

  it('lists keys by prefix, page by page, in the order of their bytes', async () => {
    for (const key of ['b/2', 'a/1', 'b/1', 'b/ü', 'c', 'b/3']) await kv.write(1, key, bytes(key), key === 'b/3' ? clock.now() + 10 : Infinity);
    await kv.write(2, 'b/other', bytes('x'));
    clock.advance(10);
    const first = await kv.list(1, 'b/', '', 2);
    expect(first).toMatchObject({ entries: [{ key: 'b/1', bytes: 3 }, { key: 'b/2', expiresAtMs: Infinity }], nextCursor: 'b/2' });
    expect(await kv.list(1, 'b/', first.nextCursor, 2)).toMatchObject({ entries: [{ key: 'b/ü' }], nextCursor: '' });
    expect((await kv.list(1, '', '', 0)).entries.map(({ key }) => key)).toEqual(['a/1', 'b/1', 'b/2', 'b/ü', 'c']);
  });

  it('swaps a value only when it is the expected one', async () => {
    expect(await kv.compareAndSet(1, 'k', bytes('x'), bytes('a'))).toEqual({ swapped: false, current: undefined });
    expect(await kv.compareAndSet(1, 'k', undefined, bytes('a'))).toMatchObject({ swapped: true });
    expect(await kv.compareAndSet(1, 'k', undefined, bytes('b'))).toEqual({ swapped: false, current: bytes('a') });
    expect(await kv.compareAndSet(1, 'k', bytes('a'), bytes('b'), clock.now() + 10)).toMatchObject({ swapped: true });
    expect(await read(1, 'k')).toBe('b');
    clock.advance(10);
    expect(await kv.compareAndSet(1, 'k', undefined, bytes('c'))).toMatchObject({ swapped: true });
  });

  it('lets one of many swaps at the same time win', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => kv.compareAndSet(1, 'lock', undefined, bytes(String(index)))));
    expect(outcomes.filter(({ swapped }) => swapped)).toHaveLength(1);
  });

  it('sweeps what has expired, and forgets a plugin whole', async () => {
    await kv.write(1, 'k', bytes('v'), clock.now() + 10);
    await kv.write(2, 'k', bytes('v'));
    clock.advance(10);
    await kv.sweep();
    await kv.forget(2);
    expect(kv.pluginIds()).toEqual([1]);
    await reopen();
    expect(kv.pluginIds()).toEqual([]);
  });
});
