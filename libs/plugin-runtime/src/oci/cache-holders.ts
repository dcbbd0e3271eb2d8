import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@sluice/kernel';

/** A holder that was not seen for this long has ended without saying so. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
const SEEN_EVERY_MS = 3_600_000;
/** `.new`: of one that ended while it wrote. */
const FILE = /^[0-9a-f-]{36}\.json(?:\.new)?$/;

/** Which processes still want which programs: a file for each process, so that none collects what another one needs. */
export class CacheHolders {
  private readonly name = `${randomUUID()}.json`;
  private held = new Set<string>();
  private cancel: (() => void) | undefined;

  constructor(
    private readonly directory: string,
    private readonly clock: Clock,
  ) {}

  /** From now on no process collects this digest. */
  async hold(digest: string): Promise<void> {
    if (this.has(digest)) return;
    await this.replace([...this.held, digest]);
  }

  has(digest: string): boolean {
    return this.held.has(digest) && this.cancel !== undefined;
  }

  async replace(digests: Iterable<string>): Promise<void> {
    const held = new Set(digests);
    await mkdir(this.directory, { recursive: true });
    const temporary = join(this.directory, `${this.name}.new`);
    await writeFile(temporary, JSON.stringify([...held]));
    await rename(temporary, join(this.directory, this.name));
    this.held = held;
    this.keepSeen();
  }

  /** What anybody holds, this process included. Files of processes that are long gone are removed. */
  async all(): Promise<Set<string>> {
    const digests = new Set(this.held);
    for (const file of await readdir(this.directory).catch(() => [])) {
      if (!FILE.test(file) || file === this.name) continue;
      const path = join(this.directory, file);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      if (this.clock.now() - found.mtimeMs > FORGOTTEN_AFTER_MS) await rm(path, { force: true });
      else for (const digest of await readHolder(path)) digests.add(digest);
    }
    return digests;
  }

  async release(): Promise<void> {
    this.cancel?.();
    this.cancel = undefined;
    this.held.clear();
    await rm(join(this.directory, this.name), { force: true });
  }

  private keepSeen(): void {
    this.cancel?.();
    this.cancel = this.clock.after(SEEN_EVERY_MS, () => {
      const now = this.clock.now() / 1_000;
      utimes(join(this.directory, this.name), now, now).catch(() => undefined);
      this.keepSeen();
    });
  }
}

/** A holder may end, and take its file along, at any moment. */
async function readHolder(path: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as string[];
  } catch {
    return [];
  }
}
