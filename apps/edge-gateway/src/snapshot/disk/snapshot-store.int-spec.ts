import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSnapshot } from '@sluice/config-snapshot';
import { waitFor } from '@sluice/testing';
import { appRecord, signedSnapshot, tokenRecord } from '../../testing/records';
import { SampleNamespace, type SampleRevision } from '../../testing/sample-namespace';
import { SnapshotSide } from '../../testing/snapshot-side';

const HASH = 'a'.repeat(64);

let folder: string;
let studio: SampleNamespace;
let gateway: SnapshotSide;

const start = async (from = folder) => {
  gateway = new SnapshotSide(from, studio.trust);
  await gateway.startFromDisk();
  return gateway;
};
const restart = async (from = folder) => {
  await gateway.close();
  return start(from);
};
const checkpoint = ({ index, chunk }: SampleRevision) => gateway.applier.checkpoint(index, 'redis', async (prefix) => chunk(prefix));
const files = async (from = folder) => (await readdir(join(from, 'state'))).sort();
const path = (name: string, from = folder) => join(from, 'state', name);
const change = (id: number, name?: string) => studio.change([appRecord({ id, ...(name === undefined ? {} : { name }) })]);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  studio = new SampleNamespace();
  await start();
});
afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

/** A checkpoint at revision 1, and four deltas after it. */
async function fiveRevisions(): Promise<void> {
  await checkpoint(studio.change([...Array.from({ length: 40 }, (_, index) => appRecord({ id: index + 1, name: `grüße ${index}` })), tokenRecord({ id: 1, app_id: 1, hash: HASH })]));
  await waitFor(async () => (await files()).includes('snapshot-1.checkpoint'));
  for (const id of [50, 51, 52, 53]) gateway.applier.delta(change(id).delta, 'redis');
  await waitFor(async () => (await readFile(path('snapshot-1.journal'), 'utf8')).split('\n').length === 5);
}

describe('what a gateway keeps on its disk', () => {
  it('is a checkpoint and the deltas after it, for the owner alone, and the gateway starts with all of it', async () => {
    await fiveRevisions();
    expect(await files()).toEqual(['snapshot-1.checkpoint', 'snapshot-1.journal']);
    for (const file of await files()) expect((await stat(path(file))).mode & 0o777).toBe(0o600);
    await restart();
    expect(gateway.current.get()).toMatchObject({ revision: 5, source: 'disk' });
    expect(gateway.current.get()!.apps.get(7)!.data.name).toBe('grüße 6');
    expect(gateway.current.get()!.usableToken(HASH, 0)?.id).toBe(1);
    gateway.applier.delta(change(54).delta, 'redis');
    await restart();
    expect(gateway.revision).toBe(6);
    expect(await files()).toEqual(['snapshot-1.checkpoint', 'snapshot-1.journal']);
  });

  it('is used also where what a crash left of a copy cannot be removed', async () => {
    await fiveRevisions();
    // Nobody has to be kept from writing for this, which is not possible with root.
    await mkdir(path('snapshot-9.copy'));
    await restart();
    expect(gateway.revision).toBe(5);
    expect(gateway.storeFailures).toEqual([expect.objectContaining({ message: expect.stringContaining('snapshot-9.copy') })]);
  });

  it('is good to the last whole delta, wherever a crash cut the journal', async () => {
    await fiveRevisions();
    await gateway.close();
    const journal = await readFile(path('snapshot-1.journal'));
    const ends = [...journal.entries()].flatMap(([position, byte]) => (byte === 0x0a ? [position + 1] : []));
    for (let cut = ends[2]!; cut <= journal.length; cut += 37) {
      const crashed = await mkdtemp(join(tmpdir(), 'sluice-store-'));
      await cp(folder, crashed, { recursive: true });
      await truncate(path('snapshot-1.journal', crashed), cut);
      await start(crashed);
      const whole = ends.filter((end) => end <= cut).length + 1;
      expect(gateway.revision).toBe(whole);
      await gateway.close();
      await rm(crashed, { recursive: true });
    }
    await start();
  });

  it('goes on behind a torn end', async () => {
    await fiveRevisions();
    await gateway.close();
    await appendFile(path('snapshot-1.journal'), '{"signed":{"header":');
    await start();
    gateway.applier.delta(change(54).delta, 'redis');
    await restart();
    expect(gateway.revision).toBe(6);
  });

  it('keeps two generations, and falls back to the older one with all deltas since', async () => {
    await fiveRevisions();
    await checkpoint(change(60));
    await waitFor(async () => (await files()).includes('snapshot-2.checkpoint'));
    gateway.applier.delta(change(61).delta, 'redis');
    await gateway.close();
    expect(await files()).toEqual(['snapshot-1.checkpoint', 'snapshot-1.journal', 'snapshot-2.checkpoint', 'snapshot-2.journal']);
    const bytes = await readFile(path('snapshot-2.checkpoint'));
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path('snapshot-2.checkpoint'), bytes);
    await start();
    // The checkpoint of revision 6 is lost, and with it what it alone had.
    expect(gateway.revision).toBe(5);
    expect((await files()).filter((name) => name.includes('.bad-'))).toHaveLength(1);
    expect(gateway.refusals).toEqual(['snapshot.badRoot']);
    await checkpoint(change(62));
    await waitFor(async () => (await files()).includes('snapshot-3.checkpoint'));
    await restart();
    expect(gateway.revision).toBe(8);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['cut in its header', (bytes) => bytes.subarray(0, 100)],
    ['empty', () => Buffer.alloc(0)],
    ['garbage', (bytes) => Buffer.alloc(bytes.length, 0x5a)],
  ])('is set aside when it is %s, and the gateway waits for another one', async (_, spoil) => {
    await fiveRevisions();
    await gateway.close();
    await writeFile(path('snapshot-1.checkpoint'), spoil(await readFile(path('snapshot-1.checkpoint'))));
    await start();
    expect(gateway.revision).toBeUndefined();
    expect((await files()).some((name) => name.startsWith('snapshot-1.checkpoint.bad-'))).toBe(true);
    expect(await checkpoint(change(70))).toBe('applied');
    await restart();
    expect(gateway.revision).toBe(6);
  });

  it('does not grow with files that were set aside', async () => {
    await fiveRevisions();
    for (let round = 0; round < 7; round++) {
      await gateway.close();
      await writeFile(path(`snapshot-${round + 5}.checkpoint`), 'rubbish');
      await start();
      expect(gateway.revision).toBe(5);
    }
    expect((await files()).filter((name) => name.includes('.bad-'))).toHaveLength(5);
  });

  it('is not stopped by what a crash left behind', async () => {
    await fiveRevisions();
    await gateway.close();
    await writeFile(path('snapshot-2.checkpoint.tmp'), 'torn');
    await writeFile(path('snapshot-2.journal'), '');
    await start();
    expect(gateway.revision).toBe(5);
    await checkpoint(change(80));
    await waitFor(async () => (await files()).includes('snapshot-3.checkpoint'));
    await waitFor(async () => !(await files()).some((name) => name.endsWith('.tmp')));
  });

  it('is kept again after a disk that could not be written to', async () => {
    await rm(join(folder, 'state'), { recursive: true, force: true });
    await writeFile(join(folder, 'state'), 'a file where the folder should be');
    await checkpoint(change(1));
    gateway.applier.delta(change(2).delta, 'redis');
    await waitFor(() => gateway.storeFailures.length > 0);
    expect(gateway.revision).toBe(2);
    await rm(join(folder, 'state'));
    gateway.clock.advance(30_000);
    await waitFor(async () => (await files().catch(() => [])).some((name) => name.endsWith('.checkpoint')));
    await restart();
    expect(gateway.revision).toBe(2);
  });

  it('is written anew when the journal has grown long, and not for every delta', async () => {
    await checkpoint(change(1));
    await waitFor(async () => (await files()).includes('snapshot-1.checkpoint'));
    for (let round = 0; round < 300; round++) gateway.applier.delta(change(2, `round ${round}`).delta, 'redis');
    await waitFor(async () => (await readFile(path('snapshot-1.journal'), 'utf8')).split('\n').length === 301);
    expect(await files()).toEqual(['snapshot-1.checkpoint', 'snapshot-1.journal']);
    gateway.clock.advance(600_000);
    gateway.applier.delta(change(2, 'last').delta, 'redis');
    await waitFor(async () => (await files()).includes('snapshot-2.checkpoint'));
    await restart();
    expect(gateway.revision).toBe(302);
    expect((await files()).filter((name) => name.endsWith('.checkpoint'))).toEqual(['snapshot-1.checkpoint', 'snapshot-2.checkpoint']);
  });

  it('of the version before is read, followed, and then replaced', async () => {
    const records = [appRecord({ id: 1 }), tokenRecord({ id: 1, app_id: 1, hash: HASH })];
    expect(gateway.applier.body(encodeSnapshot(signedSnapshot(records, 1, studio.key)), 'http')).toBe('applied');
    await waitFor(async () => (await files()).includes('snapshot.json'));
    await restart();
    expect(gateway.current.get()).toMatchObject({ revision: 1, source: 'disk', header: { format: 1 } });
    studio.change(records);
    expect(gateway.applier.delta(studio.change([], [{ kind: 'token', id: '1' }]).delta, 'redis')).toBe('applied');
    await waitFor(async () => (await files()).every((name) => name !== 'snapshot.json'));
    await restart();
    expect(gateway.current.get()).toMatchObject({ revision: 2, header: { format: 2 } });
    expect(gateway.current.get()!.usableToken(HASH, 0)).toBeUndefined();
  });
});
