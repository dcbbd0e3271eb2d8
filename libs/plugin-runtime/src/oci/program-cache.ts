import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '@sluice/kernel';
import { CacheHolders } from './cache-holders';
import { CacheLock } from './cache-lock';
import { DIGEST, hexOf } from './digest';
import type { Platform } from './manifest';
import { ociErrors } from './oci-errors';

/** Nothing is written for so long while a plugin is fetched: it was left by a process that ended in the middle of it. */
const ABANDONED_AFTER_MS = 3_600_000;
const ENTRY = /^([0-9a-f]{64})-/;

/**
 * A folder of programs by digest, which several processes may share. An entry is made next to its place and renamed into it: it is there
 * whole or not at all. What is in an entry is checked by whoever takes it out.
 */
export class ProgramCache {
  private readonly programs: string;
  private readonly work: string;
  private readonly lock: CacheLock;
  private readonly holders: CacheHolders;
  private swept: Promise<void> | undefined;
  /** Digests that are being taken out or put in right now, and how often. */
  private readonly busy = new Map<string, number>();

  constructor(
    readonly directory: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.programs = join(directory, 'programs');
    this.work = join(directory, 'work');
    this.lock = new CacheLock(directory);
    this.holders = new CacheHolders(join(directory, 'holders'), clock);
  }

  /** Runs `use` with the place of an entry. From its beginning to the next collection that does not name it, the entry stays. */
  async using<T>(digest: string, host: Platform, use: (entry: string) => Promise<T>): Promise<T> {
    this.busy.set(digest, (this.busy.get(digest) ?? 0) + 1);
    try {
      // What is held already needs nothing written, so that it can be started while the disk is full.
      if (!this.holders.has(digest)) await this.guarded(() => this.hold(digest));
      return await use(join(this.programs, `${hexOf(digest)}-${host.os}-${host.architecture}`));
    } finally {
      const left = this.busy.get(digest)! - 1;
      if (left === 0) this.busy.delete(digest);
      else this.busy.set(digest, left);
    }
  }

  /** Whether the entry is there; not whether it is in order. */
  async has(entry: string): Promise<boolean> {
    return (await stat(entry).catch(() => undefined)) !== undefined;
  }

  /**
   * Makes an entry: `fill` gets an empty folder, and what it leaves there becomes the entry. One that another process made meanwhile stays,
   * unless it shall be replaced because it is known to be damaged.
   */
  async make(entry: string, { replace }: { replace: boolean }, fill: (directory: string) => Promise<void>): Promise<void> {
    const fresh = join(this.work, randomUUID());
    await this.guarded(async () => {
      await this.prepare();
      await mkdir(fresh, { mode: 0o700 });
    });
    try {
      await fill(fresh);
      await this.guarded(async () => {
        await chmod(fresh, 0o755);
        await this.lock.run(() => this.moveIn(fresh, entry, replace));
      });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  /** Removes what neither `keep` names nor another process holds. */
  async collect(keep: readonly string[]): Promise<string[]> {
    if (!(await this.has(this.programs))) return [];
    return this.guarded(async () => {
      await this.prepare();
      const [removed, garbage] = await this.lock.run(() => this.takeGarbage(keep));
      for (const path of garbage) await rm(path, { recursive: true, force: true });
      return removed;
    });
  }

  /** Lets go of everything that this process holds. The entries stay for the next one. */
  async close(): Promise<void> {
    await this.holders.release();
  }

  private async hold(digest: string): Promise<void> {
    await this.prepare();
    await this.lock.run(() => this.holders.hold(digest));
    await (this.swept ??= this.sweep());
  }

  private async takeGarbage(keep: readonly string[]): Promise<[removed: string[], garbage: string[]]> {
    await this.holders.replace([...keep.filter((digest) => DIGEST.test(digest)), ...this.busy.keys()]);
    const held = await this.holders.all();
    const removed: string[] = [];
    const garbage: string[] = [];
    for (const name of await readdir(this.programs)) {
      const digest = `sha256:${ENTRY.exec(name)?.[1]}`;
      if (held.has(digest) || this.busy.has(digest)) continue;
      const doomed = join(this.work, randomUUID());
      await rename(join(this.programs, name), doomed);
      removed.push(digest);
      garbage.push(doomed);
    }
    return [removed, [...garbage, ...(await this.abandoned())]];
  }

  /** Once for each process: one that is killed again and again while it fetches must not fill the disk. */
  private async sweep(): Promise<void> {
    // What cannot be removed now stands in nobody's way; a collection says what is wrong with it.
    for (const path of await this.abandoned()) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }

  private async abandoned(): Promise<string[]> {
    const own = (await readdir(this.directory)).filter((name) => CacheLock.OWN.test(name)).map((name) => join(this.directory, name));
    const work = (await readdir(this.work)).map((name) => join(this.work, name));
    const old = await Promise.all([...own, ...work].map(async (path) => this.clock.now() - (await lastWritten(path)) > ABANDONED_AFTER_MS));
    return [...own, ...work].filter((_, n) => old[n]);
  }

  /** A folder that is not empty cannot be renamed over. */
  private async moveIn(fresh: string, entry: string, replace: boolean): Promise<void> {
    if (await this.has(entry)) {
      if (!replace) return;
      await rename(entry, join(this.work, randomUUID()));
    }
    await rename(fresh, entry);
  }

  private async prepare(): Promise<void> {
    // Plugins may run under another user, who has to reach the program.
    for (const path of [this.directory, this.programs]) {
      if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, 0o755);
    }
    await mkdir(this.work, { recursive: true, mode: 0o700 });
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw cacheError(error, this.directory);
    }
  }
}

/** When something was written to a file, or to a folder of files, last. What is gone counts as new: somebody else sees to it. */
async function lastWritten(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const times = await Promise.all([path, ...names.map((name) => join(path, name))].map((each) => stat(each).then(({ mtimeMs }) => mtimeMs, () => Infinity)));
  return Math.max(...times);
}

/** A file system's refusal as an error of the catalogue; anything else as it is. */
export function cacheError(error: unknown, directory: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined || typeof code !== 'string') return error;
  return new ociErrors.cacheFailed({ directory, code }, { detail: `The plugin cache ${directory} cannot be used (${message}).`, cause: error });
}
