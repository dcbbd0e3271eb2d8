import { open, readFile, type FileHandle } from 'node:fs/promises';

const LINE_FEED = Buffer.from('\n');

/** The deltas that follow a checkpoint, one a line. A line counts when its end has been written; deltas that come together are synced together. */
export class DeltaJournal {
  private file: FileHandle | undefined;
  private waiting: Buffer[] = [];
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private broken: unknown;
  /** How much it holds, with what is still to be written. */
  bytes: number;
  count: number;

  /** Begins a journal, or goes on with one behind what `read` gave of it. The file is opened when there is something to write. */
  constructor(
    private readonly path: string,
    private readonly start: { bytes: number; count: number } = { bytes: 0, count: 0 },
  ) {
    ({ bytes: this.bytes, count: this.count } = start);
  }

  /** The whole lines of a journal; what comes after the last line feed was being written when the power went. */
  static async read(path: string): Promise<{ deltas: Buffer[]; bytes: number }> {
    const content = await readFile(path);
    const deltas: Buffer[] = [];
    let start = 0;
    for (let end = content.indexOf(LINE_FEED); end >= 0; end = content.indexOf(LINE_FEED, start)) {
      deltas.push(content.subarray(start, end));
      start = end + 1;
    }
    return { deltas, bytes: start };
  }

  /** False after an error: nobody knows what the file ends with. */
  get usable(): boolean {
    return this.broken === undefined;
  }

  /** Resolves when the delta is on the disk. */
  append(delta: Uint8Array): Promise<void> {
    this.waiting.push(Buffer.from(delta.buffer, delta.byteOffset, delta.byteLength), LINE_FEED);
    this.bytes += delta.length + 1;
    this.count++;
    this.next ??= this.writing.catch(() => undefined).then(() => {
      this.next = undefined;
      return (this.writing = this.flush(Buffer.concat(this.waiting.splice(0))));
    });
    return this.next;
  }

  async close(): Promise<void> {
    await (this.next ?? this.writing).catch(() => undefined);
    await this.file?.close();
  }

  private async flush(bytes: Buffer): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
    try {
      this.file ??= await this.open();
      await this.file.appendFile(bytes);
      await this.file.datasync();
    } catch (error) {
      this.broken = error;
      throw error;
    }
  }

  private async open(): Promise<FileHandle> {
    const file = await open(this.path, 'a', 0o600);
    try {
      // A torn end goes, and so does what a generation of the same number left behind.
      await file.truncate(this.start.bytes);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}
