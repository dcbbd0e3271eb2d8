const SMALLEST_BYTES = 16_384;
const LARGEST_BYTES = 1_048_576;
/** What is kept for later, all sizes together. */
const KEPT_BYTES = 2 * 1_048_576;

/**
 * Memory for large messages that is used again. What a stream moves lies outside of V8's heap, and V8 stops everything to collect the heap
 * after some tens of megabytes of it, however little of the heap there is.
 */
export class MessageBuffers {
  /** Of each size, a power of two, what nobody uses. */
  private readonly free = new Map<number, Buffer[]>();
  private keptBytes = 0;
  private readonly lent = new WeakMap<ArrayBufferLike, Buffer>();

  /** At least so many bytes with anything in them; undefined when so few or so many are not worth keeping. */
  take(bytes: number): Buffer | undefined {
    if (bytes < SMALLEST_BYTES || bytes > LARGEST_BYTES) return undefined;
    const size = 2 ** Math.ceil(Math.log2(bytes));
    const kept = this.free.get(size)?.pop();
    if (kept) this.keptBytes -= size;
    const buffer = kept ?? Buffer.allocUnsafeSlow(size);
    this.lent.set(buffer.buffer, buffer);
    return buffer;
  }

  /** Takes back the memory that this, or a part of it, lies in. Nobody may look at it any more. Other memory is left alone. */
  give(bytes: Uint8Array): void {
    const buffer = this.lent.get(bytes.buffer);
    if (!buffer) return;
    this.lent.delete(bytes.buffer);
    if (this.keptBytes + buffer.length > KEPT_BYTES) return;
    this.keptBytes += buffer.length;
    const free = this.free.get(buffer.length);
    if (free) free.push(buffer);
    else this.free.set(buffer.length, [buffer]);
  }
}
