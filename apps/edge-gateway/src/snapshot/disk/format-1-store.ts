import { link, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@sluice/kernel';
import { setAside, syncFolder, writeDurably } from './durable-files';

/** What a reader makes of a stored body: use it, pass it over, or pass it over and set it aside as damaged. */
export type StoredVerdict = 'used' | 'unusable' | 'damaged';

/**
 * The last two applied snapshots of format 1 on disk, as the very bytes that travelled. A file is complete under its name or not there:
 * temporary file, fsync, rename, fsync of the folder.
 */
export class Format1Store {
  private writing: Promise<void> | undefined;
  private next: { body: Uint8Array; saved: Promise<void> } | undefined;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {}

  /**
   * Offers the stored bodies, the newest first, until one is used. A damaged one is renamed to `*.bad-<time>` so that
   * someone can look at it.
   */
  async load(read: (body: Uint8Array, file: string) => StoredVerdict): Promise<void> {
    for (const file of [this.current, this.previous]) {
      const body = await readIfThere(file);
      if (!body) continue;
      const verdict = read(body, file);
      if (verdict === 'used') return;
      if (verdict === 'damaged') await setAside(file, this.clock.now());
    }
  }

  /** Resolves when this body, or a newer one, is on disk. At most one waits while one is written; a newer one takes its place. */
  save(body: Uint8Array): Promise<void> {
    if (!this.writing && !this.next) return (this.writing = this.write(body).finally(() => (this.writing = undefined)));
    if (this.next) {
      this.next.body = body;
      return this.next.saved;
    }
    const next = { body, saved: Promise.resolve() };
    next.saved = this.writing!.catch(() => undefined).then(() => {
      this.next = undefined;
      return this.save(next.body);
    });
    this.next = next;
    return next.saved;
  }

  /** What stands in the newer format makes these out of date, and an older version would take them for new. */
  async remove(): Promise<void> {
    for (const file of [this.current, this.previous]) await rm(file, { force: true });
  }

  private async write(body: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeDurably(`${this.current}.tmp`, body);
    // A link first, so that there is a current file at every moment.
    const demoted = `${this.previous}.tmp`;
    await rm(demoted, { force: true });
    await link(this.current, demoted).then(
      () => rename(demoted, this.previous),
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
    await rename(`${this.current}.tmp`, this.current);
    await syncFolder(this.folder);
  }

  private get current(): string {
    return join(this.folder, 'snapshot.json');
  }

  private get previous(): string {
    return join(this.folder, 'snapshot.previous.json');
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
