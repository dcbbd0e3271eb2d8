/** Longer lines come in parts of this size. */
export const MAX_LINE_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** Cuts a byte stream into lines without their line ends, and lines that are too long into parts, so that memory stays bounded. */
export class LineSplitter {
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Buffer): void {
    let start = 0;
    while (start < chunk.length) {
      const room = MAX_LINE_BYTES - this.pendingBytes;
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.length : newline;
      if (end - start > room) {
        this.keep(chunk.subarray(start, start + room));
        this.flush();
        start += room;
        continue;
      }
      this.keep(chunk.subarray(start, end));
      if (newline === -1) return;
      this.emit();
      start = newline + 1;
    }
  }

  /** The stream has ended: what came after the last line end is a line too. */
  flush(): void {
    if (this.pendingBytes > 0) this.emit();
  }

  /** What has arrived of a line that is not complete yet. */
  get partial(): string {
    return Buffer.concat(this.pending).toString('utf8');
  }

  private keep(part: Buffer): void {
    if (part.length === 0) return;
    this.pending.push(part);
    this.pendingBytes += part.length;
  }

  private emit(): void {
    const line = Buffer.concat(this.pending).toString('utf8');
    this.pending = [];
    this.pendingBytes = 0;
    this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}
