import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { Format1Store, type StoredVerdict } from './format-1-store';

let folder: string;
let store: Format1Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  store = new Format1Store(join(folder, 'state'), new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5)));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => Buffer.from(text);
const offered = async (verdictOf: (text: string) => StoredVerdict) => {
  const seen: string[] = [];
  await store.load((body) => {
    seen.push(Buffer.from(body).toString());
    return verdictOf(seen.at(-1)!);
  });
  return seen;
};

describe('Format1Store', () => {
  it('offers nothing before anything was saved', async () => {
    expect(await offered(() => 'used')).toEqual([]);
  });

  it('keeps the last two bodies and offers the newest first', async () => {
    for (const text of ['one', 'two', 'three']) await store.save(bytes(text));
    expect(await offered(() => 'used')).toEqual(['three']);
    expect(await offered(() => 'unusable')).toEqual(['three', 'two']);
  });

  it('leaves only files that their owner alone may read', async () => {
    await store.save(bytes('one'));
    await store.save(bytes('two'));
    const files = (await readdir(join(folder, 'state'))).sort();
    expect(files).toEqual(['snapshot.json', 'snapshot.previous.json']);
    for (const file of files) expect((await stat(join(folder, 'state', file))).mode & 0o777).toBe(0o600);
  });

  it('sets a damaged body aside and uses the one before it', async () => {
    await store.save(bytes('one'));
    await store.save(bytes('two'));
    expect(await offered((text) => (text === 'two' ? 'damaged' : 'used'))).toEqual(['two', 'one']);
    expect((await readdir(join(folder, 'state'))).sort()).toEqual(['snapshot.json.bad-2026-01-02T030405.000Z', 'snapshot.previous.json']);
    expect(await readFile(join(folder, 'state/snapshot.json.bad-2026-01-02T030405.000Z'), 'utf8')).toBe('two');
  });

  it('saves again after a body was set aside', async () => {
    await store.save(bytes('one'));
    await offered(() => 'damaged');
    await store.save(bytes('two'));
    expect(await offered(() => 'unusable')).toEqual(['two']);
  });

  it('ends with the newest body when many are saved at once, and writes each of them or a newer one', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.save(bytes(String(index)))));
    expect(await offered(() => 'used')).toEqual(['49']);
  });

  it('is not stopped by what a crash left behind', async () => {
    await store.save(bytes('one'));
    await writeFile(join(folder, 'state/snapshot.json.tmp'), 'torn');
    await writeFile(join(folder, 'state/snapshot.previous.json.tmp'), 'torn');
    await store.save(bytes('two'));
    expect(await offered(() => 'unusable')).toEqual(['two', 'one']);
  });

  it('goes on after a write that failed', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    await expect(store.save(bytes('one'))).rejects.toThrow();
    await rm(folder);
    await store.save(bytes('two'));
    expect(await offered(() => 'used')).toEqual(['two']);
  });
});
