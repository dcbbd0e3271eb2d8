import type {
  CompareAndSetPluginKVRequest,
  CompareAndSetPluginKVResponse,
  GetAppRequest,
  GetAppResponse,
  ListAppsRequest,
  ListAppsResponse,
  ListPluginKVRequest,
  ListPluginKVResponse,
  ReadPluginKVRequest,
  ReadPluginKVResponse,
  UpdatePluginConfigRequest,
  WritePluginKVRequest,
} from '@sluice/contracts/ai-studio-management';
import { FakeClock } from '@sluice/kernel';
import type { ServiceCaller } from '@sluice/plugin-runtime';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';
import { MAX_KV_VALUE_BYTES, PluginKvService } from './plugin-kv.service';
import { StudioServiceApi } from './studio-service-api';

jest.setTimeout(60_000);

/** One value of the largest size and some. */
const QUOTA_BYTES = MAX_KV_VALUE_BYTES + 65_536;

describe('the Service API of the studio', () => {
  const clock = new FakeClock(Date.now());
  let studio: TestStudio;
  let one: ServiceCaller;
  let other: ServiceCaller;
  beforeAll(async () => {
    studio = await TestStudio.start({ clock, environment: { PLUGIN_KV_QUOTA: String(QUOTA_BYTES) } });
    one = await registered('one');
    other = await registered('other');
  });
  afterAll(() => studio.close());

  async function registered(slug: string): Promise<ServiceCaller> {
    // Inactive: what is called here are the handlers, and the broker that stands before them has tests of its own.
    const { body } = await studio.call('POST', '/api/v1/plugins', { body: { name: slug, command: ECHO_PLUGIN, config: { slug }, is_active: false } });
    return { pluginId: body.data.id, pluginName: slug, manifestId: 'com.example.echo-endpoint', approvedScopes: [], generation: 1 };
  }

  function call<Q, A = unknown>(method: string, caller: ServiceCaller, request: Q): Promise<A> {
    return studio.app.get(StudioServiceApi).api().handlers[method]!(caller, request as never) as Promise<A>;
  }

  const write = (caller: ServiceCaller, key: string, value: Buffer, expireAt?: Date) => call<WritePluginKVRequest>('writePluginKv', caller, { context: undefined, key, value, expireAt });
  const read = (caller: ServiceCaller, key: string) => call<ReadPluginKVRequest, ReadPluginKVResponse>('readPluginKv', caller, { context: undefined, key });
  const remove = (caller: ServiceCaller, key: string) => call('deletePluginKv', caller, { context: undefined, key });

  describe('key-value storage', () => {
    it('keeps bytes, and says whether the key is new', async () => {
      const value = Buffer.from([0, 255, 1]);
      expect(await write(one, 'k', Buffer.from('before'))).toMatchObject({ created: true });
      expect(await write(one, 'k', value)).toMatchObject({ created: false });
      expect((await read(one, 'k')).value).toEqual(value);
      expect(await remove(one, 'k')).toMatchObject({ deleted: true });
      expect(await remove(one, 'k')).toMatchObject({ deleted: false });
      await expect(read(one, 'k')).rejects.toMatchObject({ code: 'serviceApi.keyNotFound', kind: 'not_found', message: 'key not found' });
    });

    it('is each plugin’s own', async () => {
      await write(one, 'mine', Buffer.from('1'));
      await expect(read(other, 'mine')).rejects.toMatchObject({ code: 'serviceApi.keyNotFound' });
      const pretending = { context: { pluginId: one.pluginId, methodScope: 'kv.readwrite' }, key: 'mine' };
      await expect(call('readPluginKv', other, pretending)).rejects.toMatchObject({ code: 'serviceApi.keyNotFound' });
    });

    it('forgets at the time that was named', async () => {
      await write(one, 'short', Buffer.from('1'), new Date(clock.now() + 1_000));
      expect((await read(one, 'short')).value).toEqual(Buffer.from('1'));
      clock.advance(1_001);
      await expect(read(one, 'short')).rejects.toMatchObject({ message: 'key not found' });
      expect(await write(one, 'short', Buffer.from('2'))).toMatchObject({ created: true });
      expect((await read(one, 'short')).value).toEqual(Buffer.from('2'));
    });

    it('lists keys by prefix, page by page, in the order of their bytes', async () => {
      for (const key of ['l/b', 'l/a', 'l/B', 'l/%', 'm']) await write(one, key, Buffer.from(key), key === 'l/a' ? new Date(clock.now() + 60_000) : undefined);
      await write(one, 'l/gone', Buffer.from('1'), new Date(clock.now() + 1));
      await write(other, 'l/other', Buffer.from('1'));
      clock.advance(2);
      const list = (cursor: string, limit: number) => call<ListPluginKVRequest, ListPluginKVResponse>('listPluginKv', one, { context: { pluginId: other.pluginId, methodScope: '' }, prefix: 'l/', cursor, limit });
      const first = await list('', 3);
      expect(first).toMatchObject({ entries: [{ key: 'l/%', sizeBytes: 3n }, { key: 'l/B' }, { key: 'l/a', expireAt: expect.any(Date) }], nextCursor: 'l/a' });
      expect(await list(first.nextCursor, 3)).toMatchObject({ entries: [{ key: 'l/b', expireAt: undefined }], nextCursor: '' });
      expect(await studio.app.get(PluginKvService).sweep()).toBe(1);
    });

    it('swaps a value only when it is the expected one, and one of many at the same time wins', async () => {
      const swap = (expected: string | undefined, value: string) =>
        call<CompareAndSetPluginKVRequest, CompareAndSetPluginKVResponse>('compareAndSetPluginKv', one, { context: undefined, key: 'cas', expected: expected === undefined ? undefined : Buffer.from(expected), value: Buffer.from(value), expireAt: undefined });
      expect(await swap('x', 'a')).toEqual({ swapped: false, current: undefined });
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => swap(undefined, `${index}`)));
      expect(outcomes.filter(({ swapped }) => swapped)).toHaveLength(1);
      const { value } = await read(one, 'cas');
      expect(outcomes.every(({ current }) => current?.equals(value))).toBe(true);
      expect(await swap(value.toString(), 'b')).toMatchObject({ swapped: true });
      expect(await swap(value.toString(), 'c')).toEqual({ swapped: false, current: Buffer.from('b') });
    });

    it('sweeps what has expired, and nothing else', async () => {
      await write(one, 'gone', Buffer.from('1'), new Date(clock.now() + 1));
      await write(one, 'stays', Buffer.from('1'), new Date(clock.now() + 60_000));
      clock.advance(2);
      expect(await studio.app.get(PluginKvService).sweep()).toBe(1);
      const rows = await studio.app.get(DataSource).query(`SELECT key FROM plugin_kv WHERE key IN ('gone', 'stays')`);
      expect(rows).toEqual([{ key: 'stays' }]);
    });

    it('takes 5 MB and not a byte more', async () => {
      await write(one, 'big', Buffer.alloc(MAX_KV_VALUE_BYTES, 7));
      expect((await read(one, 'big')).value).toHaveLength(MAX_KV_VALUE_BYTES);
      await expect(write(one, 'big', Buffer.alloc(MAX_KV_VALUE_BYTES + 1))).rejects.toMatchObject({ code: 'serviceApi.valueTooLarge', message: 'The value has 5242881 bytes; at most 5242880 (5 MB) are allowed.' });
    });

    describe('has a bounded space', () => {
      const used = async (caller: ServiceCaller) => {
        const [row] = await studio.app.get(DataSource).query(
          `SELECT bytes::integer, (SELECT coalesce(sum(octet_length(key) + octet_length(value) + 64), 0)::integer FROM plugin_kv WHERE plugin_id = $1) AS sum FROM plugin_kv_usage WHERE plugin_id = $1`,
          [caller.pluginId],
        );
        return row;
      };
      const third = Buffer.alloc(Math.floor(QUOTA_BYTES / 3) - 100);

      it('of its own, which values that are overwritten, deleted or expired leave again', async () => {
        const plugin = await registered('hoarder');
        for (const key of ['a', 'b']) await write(plugin, key, third);
        await write(plugin, 'c', third, new Date(clock.now() + 1_000));
        await expect(write(plugin, 'd', third)).rejects.toMatchObject({ code: 'serviceApi.quotaExceeded', kind: 'too_large', message: expect.stringContaining('raise PLUGIN_KV_QUOTA') });
        await write(other, 'd', third);
        expect(await write(plugin, 'a', third)).toMatchObject({ created: false });
        clock.advance(1_001);
        expect(await write(plugin, 'd', third)).toMatchObject({ created: true });
        await expect(write(plugin, 'e', third)).rejects.toMatchObject({ code: 'serviceApi.quotaExceeded' });
        await remove(plugin, 'a');
        await write(plugin, 'e', third);
        const { bytes, sum } = await used(plugin);
        expect(bytes).toBe(sum);
      });

      it('also against many writes and swaps at the same time', async () => {
        const plugin = await registered('crowd');
        const swap = (key: string) => call<CompareAndSetPluginKVRequest>('compareAndSetPluginKv', plugin, { context: undefined, key, expected: undefined, value: third, expireAt: undefined });
        const outcomes = await Promise.allSettled([1, 2, 3, 4].flatMap((n) => [write(plugin, `w${n}`, third), swap(`s${n}`)]));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
        const { bytes, sum } = await used(plugin);
        expect([bytes, bytes <= QUOTA_BYTES]).toEqual([sum, true]);
      });

      it('until the plugin is deleted, also while it writes', async () => {
        const plugin = await registered('leaving');
        const writes = Promise.allSettled(Array.from({ length: 20 }, (_, n) => write(plugin, `k${n % 3}`, Buffer.from('v'))));
        expect((await studio.call('DELETE', `/api/v1/plugins/${plugin.pluginId}`)).status).toBe(204);
        await writes;
        expect(await used(plugin)).toBeUndefined();
      });
    });

    it.each([['empty', ''], ['too long', 'x'.repeat(1025)], ['with a NUL', 'a\u0000b']])('refuses a key that is %s', async (_, key) => {
      await expect(write(one, key, Buffer.from('1'))).rejects.toMatchObject({ code: 'serviceApi.badKey' });
    });
  });

  it('shows apps page by page', async () => {
    const ids: number[] = [];
    for (const name of ['a', 'b', 'c']) ids.push((await studio.call('POST', '/api/v1/apps', { body: { name, metadata: { tier: name }, is_active: name !== 'b' } })).body.data.id);
    const list = (change: Partial<ListAppsRequest>) => call<ListAppsRequest, ListAppsResponse>('listApps', one, { context: undefined, namespace: '', page: 0, limit: 0, ...change });
    expect(await list({ limit: 2, page: 2 })).toMatchObject({ apps: [{ id: ids[2], name: 'c', metadata: '{"tier":"c"}', ownerEmail: 'admin@example.com' }], totalCount: 3n });
    expect((await list({ isActive: false })).apps.map((app) => app.id)).toEqual([ids[1]]);
    expect((await call<GetAppRequest, GetAppResponse>('getApp', one, { context: undefined, appId: ids[0]! })).app).toMatchObject({ id: ids[0], name: 'a', isActive: true });
    await expect(call<GetAppRequest>('getApp', one, { context: undefined, appId: 999_999 })).rejects.toMatchObject({ kind: 'not_found' });
  });

  describe('UpdatePluginConfig', () => {
    const update = (caller: ServiceCaller, pluginId: number, configJson: string) => call<UpdatePluginConfigRequest>('updatePluginConfig', caller, { context: undefined, pluginId, configJson });

    it('writes the own config as the API would', async () => {
      expect(await update(one, one.pluginId, '{"slug":"one","content":"mine"}')).toMatchObject({ success: true });
      expect((await studio.call('GET', `/api/v1/plugins/${one.pluginId}`)).body.data.config).toMatchObject({ content: 'mine' });
    });

    it('points at what the schema refuses', async () => {
      await expect(update(one, one.pluginId, '{"slug":"one","content":7}')).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('/config/content: ') });
    });

    it.each(['', '[]', 'null', '{'])('refuses %p', async (text) => {
      await expect(update(one, 0, text)).rejects.toMatchObject({ code: 'serviceApi.badConfig' });
    });

    it("needs plugins.write for another plugin's", async () => {
      await expect(update({ ...one, approvedScopes: ['plugins.config'] }, other.pluginId, '{"slug":"other"}')).rejects.toMatchObject({ code: 'serviceApi.notYourPlugin', kind: 'forbidden' });
      expect(await update({ ...one, approvedScopes: ['plugins.write'] }, other.pluginId, '{"slug":"other"}')).toMatchObject({ success: true });
    });
  });

  it('tells the licence', async () => {
    expect(await call('getLicenseInfo', one, { context: undefined })).toMatchObject({ licenseValid: true, daysRemaining: -1, licenseType: 'community' });
  });
});
