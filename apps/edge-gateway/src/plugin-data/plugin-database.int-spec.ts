import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { rowKey } from './database-keys';
import { KvStore } from './kv-store';
import { PayloadOutbox } from './payload-outbox';
import { PluginDatabase } from './plugin-database';

jest.setTimeout(60_000);

const QUOTA = 1_048_576_000;
const LEFT_BYTES = 100_000;
const VALUE = Buffer.alloc(70_000, 7);

const clock = new FakeClock(1_000);
const open = (folder: string) => PluginDatabase.open(folder, clock, pino({ level: 'silent' }));
const key = (name: string) => rowKey('kvValue', 1, Buffer.from(name));

/** A disk of its own, which can be filled; undefined where nobody may make one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sl-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

describe('PluginDatabase', () => {
  let folder: string;
  const left: PluginDatabase[] = [];
  const opened = async (at = folder) => {
    const database = await open(at);
    left.push(database);
    return database;
  };
  /** What a `kill -9` at this moment would leave. */
  const killed = () => {
    const copy = join(folder, `killed-${readdirSync(folder).length}`);
    cpSync(join(folder, 'plugin-data'), join(copy, 'plugin-data'), { recursive: true, filter: (path) => !path.endsWith('/LOCK') });
    return copy;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sl-db-'));
  });
  afterEach(async () => {
    for (const database of left.splice(0)) await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (database: PluginDatabase, name: string) => database.commit([{ type: 'put', key: key(name), value: VALUE }]);

  it('has what was acknowledged after a kill, and after one in the middle of a write', async () => {
    const database = await opened();
    for (const name of ['a', 'b', 'c']) await put(database, name);
    const copy = killed();
    const log = readdirSync(join(copy, 'plugin-data')).find((file) => file.endsWith('.log'))!;
    appendFileSync(join(copy, 'plugin-data', log), Buffer.alloc(500, 3));
    const after = await opened(copy);
    expect(after.wasDamaged).toBe(false);
    for (const name of ['a', 'b', 'c']) expect(await after.get(key(name))).toEqual(VALUE);
    await put(after, 'd');
    expect(await after.get(key('d'))).toEqual(VALUE);
  });

  it('is mended when its files are damaged, and then counts payloads in another outbox, since it may have lost count', async () => {
    let database = await opened();
    const outbox = await PayloadOutbox.open(database, clock, QUOTA);
    await outbox.queue(1, { payload: Buffer.from('kept'), correlationId: '', metadata: {} });
    await database.close();
    const data = join(folder, 'plugin-data');
    for (const file of readdirSync(data).filter((name) => name.startsWith('MANIFEST'))) writeFileSync(join(data, file), 'rubbish');
    database = await opened();
    const mended = await PayloadOutbox.open(database, clock, QUOTA);
    expect((await mended.next()).map(({ payload }) => payload.toString())).toEqual(['kept']);
    expect(mended.id).not.toBe(outbox.id);
    await database.close();
    expect((await PayloadOutbox.open(await opened(), clock, QUOTA)).id).toBe(mended.id);
  });

  const disk = smallDisk();
  afterAll(() => {
    if (!disk) return;
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  (disk ? it : it.skip)(`refuses what a full disk cannot take, and keeps all that it acknowledges afterwards${disk ? '' : ' (skipped: no disk can be mounted here)'}`, async () => {
    folder = mkdtempSync(join(disk!, 'x'));
    const filler = join(folder, 'filler');
    const database = await opened();
    const kv = await KvStore.open(database, clock, QUOTA);
    for (let n = 0; n < 5; n += 1) await kv.write(1, `before ${n}`, VALUE);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map((n) => kv.write(1, `during ${n}`, VALUE)));
    expect(outcomes).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'gateway.notStored', kind: 'unavailable' }) });
    const kept = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [`during ${n}`] : []));
    await expect(kv.write(1, 'still full', VALUE)).rejects.toMatchObject({ code: 'gateway.notStored' });
    // What is there can be read all the time.
    expect(await kv.read(1, 'before 4')).toEqual(VALUE);
    rmSync(filler);
    const writes = Array.from({ length: 10 }, (_, n) => `after ${n}`);
    const reads = Promise.all(Array.from({ length: 50 }, async (_, n) => (await kv.list(1, 'before ', '', 0)).entries.length + (await kv.read(1, `before ${n % 5}`)).length));
    for (const name of writes) await kv.write(1, name, VALUE);
    expect(new Set(await reads)).toEqual(new Set([5 + VALUE.length]));
    const after = await KvStore.open(await opened(killed()), clock, QUOTA);
    for (const name of ['before 0', ...kept, ...writes]) expect(await after.read(1, name)).toEqual(VALUE);
    await expect(after.read(1, 'still full')).rejects.toMatchObject({ code: 'gateway.keyNotFound' });
  });
});
