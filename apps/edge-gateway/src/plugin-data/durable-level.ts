import { statfs } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';

export type Level = ClassicLevel<Buffer, Buffer>;
export type RowChange = { type: 'put'; key: Buffer; value: Buffer } | { type: 'del'; key: Buffer };
export type RowRange = { gt?: Buffer; gte?: Buffer; lt?: Buffer; limit?: number };

/** To open a database LevelDB writes what was in its log into another file, and that is at most 4 MB; the rest is for what comes then. */
const ROOM_BYTES = 16 * 1_048_576;

/**
 * A LevelDB that is opened anew after a write that failed, as on a full disk. LevelDB itself would write on behind the torn half of a
 * record, acknowledge that, and leave it out when the log is read after a kill.
 */
export class DurableLevel {
  private closed = false;
  private failure: unknown;
  private users = 0;
  private onIdle: () => void = () => undefined;
  private mending: Promise<void> | undefined;

  private constructor(
    private readonly folder: string,
    private level: Level | undefined,
  ) {}

  static async open(folder: string): Promise<DurableLevel> {
    return new DurableLevel(folder, await openLevel(folder));
  }

  get(key: Buffer): Promise<Buffer | undefined> {
    return this.use((level) => level.get(key));
  }

  /** Rows in the order of their keys. Whoever reads them must not write before the last one. */
  async *rows(range: RowRange): AsyncGenerator<[Buffer, Buffer]> {
    const level = await this.enter();
    try {
      yield* level.iterator(range);
    } finally {
      this.leave();
    }
  }

  /** Resolves when all of it is on the disk. One at a time. */
  async write(changes: readonly RowChange[]): Promise<void> {
    if (this.failure !== undefined) {
      const { bavail, bsize } = await statfs(this.folder);
      // What can still be read should not be closed for nothing.
      if (bavail * bsize < ROOM_BYTES) throw this.failure;
      await this.mend();
    }
    await this.use(async (level) => {
      try {
        await level.batch([...changes], { sync: true });
      } catch (error) {
        this.failure = error;
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.mending?.catch(() => undefined);
    await this.level?.close();
    this.level = undefined;
  }

  private async use<T>(work: (level: Level) => Promise<T>): Promise<T> {
    const level = await this.enter();
    try {
      return await work(level);
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<Level> {
    while (this.mending || !this.level) await this.mend();
    this.users += 1;
    return this.level;
  }

  private leave(): void {
    this.users -= 1;
    if (this.users === 0) this.onIdle();
  }

  private mend(): Promise<void> {
    this.mending ??= this.reopen().finally(() => (this.mending = undefined));
    return this.mending;
  }

  private async reopen(): Promise<void> {
    if (this.closed) throw new Error('The database has been closed.');
    if (this.users > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.level?.close();
    this.level = undefined;
    this.level = await openLevel(this.folder);
    this.failure = undefined;
  }
}

async function openLevel(folder: string): Promise<Level> {
  const level = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  await level.open();
  return level;
}
