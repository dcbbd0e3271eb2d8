import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { CacheLock } from './cache-lock';
import { sha256 } from './digest';
import { ProgramCache } from './program-cache';

const HOST = { os: 'linux', architecture: 'amd64' };
const HOUR = 3_600_000;
const [A, B] = [sha256('a'), sha256('b')];

describe('ProgramCache', () => {
  let directory: string;
  let clock: FakeClock;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slca-'));
    clock = new FakeClock(Date.now());
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const programs = () => readdirSync(join(directory, 'programs')).map((name) => name.slice(0, 8));
  const make = (cache: ProgramCache, digest: string, content = 'x') =>
    cache.using(digest, HOST, (entry) => cache.make(entry, { replace: false }, async (fresh) => writeFileSync(join(fresh, 'f'), content)));

  it('has an entry whole or not at all', async () => {
    const cache = new ProgramCache(directory, clock);
    const failing = cache.using(A, HOST, (entry) =>
      cache.make(entry, { replace: false }, async (fresh) => {
        writeFileSync(join(fresh, 'half'), 'x');
        throw new Error('broke off');
      }),
    );
    await expect(failing).rejects.toThrow('broke off');
    expect([programs(), readdirSync(join(directory, 'work'))]).toEqual([[], []]);
  });

  it('keeps what another process made meanwhile, unless it is known to be damaged', async () => {
    const cache = new ProgramCache(directory, clock);
    await make(cache, A, 'first');
    await make(cache, A, 'second');
    const content = () => readFileSync(join(directory, 'programs', readdirSync(join(directory, 'programs'))[0]!, 'f'), 'utf8');
    expect(content()).toBe('first');
    await cache.using(A, HOST, (entry) => cache.make(entry, { replace: true }, async (fresh) => writeFileSync(join(fresh, 'f'), 'mended')));
    expect(content()).toBe('mended');
  });

  it('does not collect what is being used at that moment', async () => {
    const cache = new ProgramCache(directory, clock);
    await make(cache, A);
    await cache.using(A, HOST, async () => expect(await cache.collect([])).toEqual([]));
    expect(await cache.collect([])).toEqual([A]);
  });

  it('keeps what a living process holds, and forgets one that was not seen for a day', async () => {
    const [ours, theirs] = [new ProgramCache(directory, clock), new ProgramCache(directory, new FakeClock(Date.now()))];
    await make(theirs, B);
    clock.advance(23 * HOUR);
    expect(await ours.collect([])).toEqual([]);
    clock.advance(2 * HOUR);
    expect(await ours.collect([])).toEqual([B]);
  });

  it('is seen for as long as it lives', async () => {
    const theirClock = new FakeClock(Date.now());
    const [ours, theirs] = [new ProgramCache(directory, clock), new ProgramCache(directory, theirClock)];
    await make(theirs, B);
    for (let hour = 0; hour < 48; hour++) {
      theirClock.advance(HOUR);
      clock.advance(HOUR);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await ours.collect([])).toEqual([]);
  });

  describe('after a process that was killed in the middle of its work', () => {
    let left: string[];
    beforeEach(() => {
      left = [join(directory, 'work', 'left'), join(directory, `lock-${randomUUID()}`)];
      mkdirSync(left[0]!, { recursive: true });
      writeFileSync(left[1]!, '1');
    });
    const thatAreThere = () => left.filter((path) => existsSync(path));

    it('removes what it left when it collects', async () => {
      const cache = new ProgramCache(directory, clock);
      await make(cache, A);
      await cache.collect([A]);
      expect(thatAreThere()).toEqual(left);
      clock.advance(2 * HOUR);
      await cache.collect([A]);
      expect(thatAreThere()).toEqual([]);
    });

    it('removes it when the next process begins, long before anything is collected', async () => {
      clock.advance(2 * HOUR);
      await make(new ProgramCache(directory, clock), A);
      expect(thatAreThere()).toEqual([]);
      expect(programs()).toHaveLength(1);
    });

    it('leaves alone what is still being written to', async () => {
      writeFileSync(join(left[0]!, 'blob'), 'x');
      const later = (Date.now() + 2 * HOUR) / 1_000;
      utimesSync(join(left[0]!, 'blob'), later, later);
      clock.advance(2 * HOUR);
      await make(new ProgramCache(directory, clock), A);
      expect(thatAreThere()).toEqual([left[0]]);
    });
  });

  it('hands out what it holds although nothing can be written any more', async () => {
    const cache = new ProgramCache(directory, clock);
    await make(cache, A);
    const file = join(directory, 'lock');
    mkdirSync(file);
    try {
      expect(await cache.using(A, HOST, (entry) => cache.has(entry))).toBe(true);
    } finally {
      rmSync(file, { recursive: true });
    }
  });

  it('does not touch a disk on which it was never used', async () => {
    const cache = new ProgramCache(join(directory, 'never'), clock);
    expect(await cache.collect([])).toEqual([]);
    expect(existsSync(join(directory, 'never'))).toBe(false);
  });

  it('says that its folder cannot be used', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(make(new ProgramCache(join(file, 'cache'), clock), A)).rejects.toMatchObject({ code: 'oci.cacheFailed', message: expect.stringContaining(`The plugin cache ${file}/cache cannot be used`) });
  });
});

describe('CacheLock', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'sllo-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('lets one in at a time, and leaves nothing', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 3));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => new CacheLock(directory).run(work)));
    expect(most).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is broken when its holder is dead, and waits for one that is not', async () => {
    const path = join(directory, 'lock');
    writeFileSync(path, '1');
    await expect(new CacheLock(directory, { waitMs: 200 }).run(async () => 1)).rejects.toMatchObject({ code: 'oci.cacheFailed', message: expect.stringContaining(`delete ${path}`) });
    utimesSync(path, 0, 0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await new CacheLock(directory, { staleMs: 300, waitMs: 5_000 }).run(async () => 1)).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });
});
