import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { CheckpointWriter } from './checkpoint-file';

/** Of chunks that are still to be written. A disk that is slower than the network must not keep a snapshot from being enforced. */
const MOST_WAITING = 64;

/** A checkpoint that is written while its chunks arrive, so that none has to be made again. Nobody sees it before it is whole and in force. */
export class CheckpointCopy {
  private file: FileHandle | undefined;
  private writer: CheckpointWriter | undefined;
  private written: Promise<void> = Promise.resolve();
  private waiting = 0;
  private broken = false;

  constructor(
    private readonly path: string,
    private readonly indexBlob: Buffer,
    private readonly makeFolder: () => Promise<unknown>,
  ) {}

  /** Takes the bytes for its own, and waits for nothing. What cannot be written now is written in another way later. */
  add(prefix: number, chunk: Buffer): void {
    this.broken ||= this.waiting >= MOST_WAITING;
    if (this.broken) return;
    this.waiting++;
    this.written = this.written.then(() => this.write(prefix, chunk));
  }

  /** Gives it its name, on the disk. False when it could not be written, or was not given any chunks; then there is no file. */
  async finish(target: string): Promise<boolean> {
    await this.written;
    try {
      if (this.broken || !this.writer) return false;
      await this.writer.finish();
      await rename(this.path, target);
      return true;
    } catch {
      return false;
    } finally {
      await this.abandon();
    }
  }

  /** Resolves when nothing is left of it. Never rejects. */
  async abandon(): Promise<void> {
    this.broken = true;
    await this.written;
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
    if (file) await rm(this.path, { force: true }).catch(() => undefined);
  }

  private async write(prefix: number, chunk: Buffer): Promise<void> {
    try {
      if (!this.broken) await (this.writer ??= await this.begin()).chunk(prefix, chunk);
    } catch {
      this.broken = true;
    } finally {
      this.waiting--;
    }
  }

  private async begin(): Promise<CheckpointWriter> {
    await this.makeFolder();
    this.file = await open(this.path, 'w', 0o600);
    return new CheckpointWriter(this.file, this.indexBlob);
  }
}
