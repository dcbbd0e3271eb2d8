import { randomUUID } from 'node:crypto';
import { link, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ociErrors } from './oci-errors';

const RETRY_MS = 20;

export interface CacheLockOptions {
  /** Whoever holds the lock longer than this is dead: what is done under it takes milliseconds. */
  staleMs?: number;
  /** After this the caller gets an error. */
  waitMs?: number;
}

/** One process at a time: the bookkeeping of a folder that several processes share. Never held while something is downloaded or unpacked. */
export class CacheLock {
  /** Names of the files that who waits for the lock has beside it. */
  static readonly OWN = /^lock-[0-9a-f-]{36}$/;
  private readonly path: string;
  private readonly staleMs: number;
  private readonly waitMs: number;

  constructor(private readonly directory: string, { staleMs = 30_000, waitMs = 60_000 }: CacheLockOptions = {}) {
    this.path = join(directory, 'lock');
    this.staleMs = staleMs;
    this.waitMs = waitMs;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const own = join(this.directory, `lock-${randomUUID()}`);
    try {
      await writeFile(own, String(process.pid));
      await this.acquire(own);
      try {
        return await work();
      } finally {
        if (await isSame(own, this.path)) await rm(this.path, { force: true });
      }
    } finally {
      await rm(own, { force: true });
    }
  }

  private async acquire(own: string): Promise<void> {
    const deadline = Date.now() + this.waitMs;
    while (!(await this.tryLink(own))) {
      await this.breakStale();
      if (Date.now() > deadline) throw new ociErrors.cacheFailed({ path: this.path }, { detail: `The plugin cache ${this.directory} stays locked by another process; delete ${this.path} if there is none.` });
      await sleep(RETRY_MS);
    }
  }

  /** Linking fails when the name is taken, also between machines that share the folder. */
  private async tryLink(own: string): Promise<boolean> {
    try {
      await link(own, this.path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private async breakStale(): Promise<void> {
    const found = await stat(this.path).catch(() => undefined);
    if (found === undefined || Date.now() - found.ctimeMs < this.staleMs) return;
    // Renamed first: of two that break it, only one takes it away.
    const broken = join(this.directory, `lock-${randomUUID()}`);
    await rename(this.path, broken).catch(() => undefined);
    await rm(broken, { force: true });
  }
}

/** Whether two names are one file. A lock that was broken meanwhile is another's by now. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && a.ino === b?.ino;
}
