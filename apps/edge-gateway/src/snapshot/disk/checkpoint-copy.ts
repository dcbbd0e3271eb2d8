import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { CheckpointWriter } from './checkpoint-file';

/** A checkpoint that is written while its chunks arrive, so that none has to be made again. Nobody sees it before it is whole and in force. */
export class CheckpointCopy {
  private file: FileHandle | undefined;
  private writer: CheckpointWriter | undefined;
  private broken = false;

  constructor(
    private readonly path: string,
    private readonly indexBlob: Buffer,
    private readonly makeFolder: () => Promise<unknown>,
  ) {}

  /** Never throws: what cannot be written now is written in another way later. */
  async add(prefix: number, chunk: Buffer): Promise<void> {
    if (this.broken) return;
    try {
      this.writer ??= await this.begin();
      await this.writer.chunk(prefix, chunk);
    } catch {
      this.broken = true;
    }
  }

  /** Gives it its name, on the disk. False when it could not be written, or was not given any chunks; then there is no file. */
  async finish(target: string): Promise<boolean> {
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

  async abandon(): Promise<void> {
    this.broken = true;
    await this.file?.close().catch(() => undefined);
    if (this.file) await rm(this.path, { force: true }).catch(() => undefined);
    this.file = undefined;
  }

  private async begin(): Promise<CheckpointWriter> {
    await this.makeFolder();
    this.file = await open(this.path, 'w', 0o600);
    return new CheckpointWriter(this.file, this.indexBlob);
  }
}
