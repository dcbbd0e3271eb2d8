import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { PayloadOutbox } from './payload-outbox';
import { PluginDatabase } from './plugin-database';

const MB = 1_048_576;

describe('PayloadOutbox', () => {
  const clock = new FakeClock(1_000);
  let folder: string;
  let database: PluginDatabase;
  let outbox: PayloadOutbox;

  const open = async (quotaBytes = 16 * MB) => {
    database = await PluginDatabase.open(folder, clock, pino({ level: 'silent' }));
    outbox = await PayloadOutbox.open(database, clock, quotaBytes);
  };
  const queue = (pluginId: number, payload: Buffer | string, more: { correlationId?: string; metadata?: Record<string, string> } = {}) =>
    outbox.queue(pluginId, { payload: Buffer.from(payload), correlationId: '', metadata: {}, ...more });
  const next = async () => (await outbox.next()).map(({ pluginId, sequence, payload }) => `${pluginId}/${sequence} ${payload.toString()}`);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sl-outbox-'));
    await open();
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('counts each plugin from 1 and says how many wait', async () => {
    expect(await queue(1, 'a')).toBe(1);
    expect(await queue(2, 'x')).toBe(1);
    expect(await queue(1, 'b', { correlationId: 'c', metadata: { m: '1' } })).toBe(2);
    expect(await next()).toEqual(['1/1 a', '1/2 b', '2/1 x']);
    expect((await outbox.next()).find(({ sequence }) => sequence === 2n)).toMatchObject({ correlationId: 'c', metadata: { m: '1' }, queuedAtMs: 1_000n });
    expect(outbox.pending()).toBe(3);
  });

  it('keeps the order of calls that were made side by side', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => queue(1, String(index))));
    expect((await next()).slice(0, 3)).toEqual(['1/1 0', '1/2 1', '1/3 2']);
    const batch = await outbox.next();
    expect(batch.map(({ payload }) => Number(payload.toString()))).toEqual(batch.map((_, index) => index));
  });

  it('has everything again after a restart, and never counts a number twice', async () => {
    const id = outbox.id;
    await queue(1, 'a');
    await queue(1, 'b');
    await outbox.settle(await outbox.next());
    await queue(1, 'c');
    await outbox.settle(await outbox.next());
    await database.close();
    await open();
    expect(outbox.id).toBe(id);
    expect(outbox.pending(1)).toBe(0);
    expect(await queue(1, 'd')).toBe(1);
    expect(await next()).toEqual(['1/4 d']);
  });

  it('lets no plugin keep others waiting', async () => {
    for (let index = 0; index < 10; index += 1) await queue(1, Buffer.alloc(MB - 100));
    await queue(2, 'small');
    const batch = await outbox.next();
    expect(batch.map(({ pluginId }) => pluginId).sort()).toEqual([1, 2]);
  });

  it('has bounded room for each plugin, and gives room back', async () => {
    await database.close();
    await open(MB);
    await queue(1, Buffer.alloc(MB / 2));
    await expect(queue(1, Buffer.alloc(MB / 2))).rejects.toMatchObject({ code: 'gateway.payloadRefused', message: expect.stringContaining('PLUGIN_OUTBOX_QUOTA') });
    expect(await queue(2, Buffer.alloc(MB / 2))).toBe(1);
    await outbox.settle(await outbox.next());
    expect(await queue(1, Buffer.alloc(MB / 2))).toBe(1);
  });

  it.each([
    ['a payload beyond 1 MB', Buffer.alloc(MB + 1), {}, 'The payload has 1048577 bytes; at most 1048576 (1 MB) are allowed.'],
    ['a long correlation id', 'x', { correlationId: 'c'.repeat(257) }, 'A correlation id has at most 256 bytes.'],
    ['metadata of the platform', 'x', { metadata: { 'sluice.redelivered': 'true' } }, "The metadata \"sluice.redelivered\" is not for plugins to set: names that begin with \"sluice.\" are the platform's."],
    ['NUL characters', 'x', { metadata: { a: '\u0000' } }, 'Correlation id and metadata of a payload hold no NUL characters.'],
  ])('refuses %s in a sentence', async (_, payload, more, message) => {
    await expect(queue(1, payload, more)).rejects.toMatchObject({ code: 'gateway.payloadRefused', message });
    expect(outbox.pending()).toBe(0);
    expect(await queue(1, Buffer.alloc(MB))).toBe(1);
  });
});
