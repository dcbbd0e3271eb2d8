const MAX_BUFFERED_BYTES = 256 * 1024;

/** What the plugin printed and nobody has read yet. It is bounded: the oldest goes first. */
export class StdioBuffer {
  private chunks: Buffer[] = [];
  private size = 0;
  private wake: (() => void) | undefined;

  constructor(private readonly maxBytes = MAX_BUFFERED_BYTES) {}

  push(chunk: Buffer): void {
    const kept = chunk.subarray(Math.max(0, chunk.length - this.maxBytes));
    this.chunks.push(kept);
    this.size += kept.length;
    while (this.size > this.maxBytes) this.size -= this.chunks.shift()?.length ?? 0;
    this.wake?.();
  }

  /** Everything there is as soon as there is something; undefined when the signal comes first. One reader at a time. */
  async read(signal: AbortSignal): Promise<Buffer | undefined> {
    while (this.size === 0 && !signal.aborted) await this.somethingNew(signal);
    if (signal.aborted) return undefined;
    const all = Buffer.concat(this.chunks);
    this.chunks = [];
    this.size = 0;
    return all;
  }

  private somethingNew(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        signal.removeEventListener('abort', settle);
        resolve();
      };
      this.wake = settle;
      signal.addEventListener('abort', settle);
    });
  }
}
