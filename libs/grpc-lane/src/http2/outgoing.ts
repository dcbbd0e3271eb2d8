/** What one stream still has to send: bytes for DATA frames, and what follows them. */
export class Outgoing {
  private readonly pieces: Uint8Array[] = [];
  /** Of the first piece, what has been sent. */
  private offset = 0;
  /** Of all pieces. */
  private waiting = 0;
  private ending: { trailers: Buffer | undefined } | undefined;

  constructor(
    readonly streamId: number,
    /** What the peer takes of this stream. */
    public sendWindow: number,
  ) {}

  get waitingBytes(): number {
    return this.waiting;
  }

  /** There is something to send, as far as windows allow it. */
  get isReady(): boolean {
    return this.waiting > 0 ? this.sendWindow > 0 : this.ending !== undefined;
  }

  /** Nothing is added any more. */
  get isEnded(): boolean {
    return this.ending !== undefined;
  }

  /** Whether DATA with the next `bytes` bytes is the last frame of the stream. */
  endsWith(bytes: number): boolean {
    return bytes === this.waiting && this.ending !== undefined && this.ending.trailers === undefined;
  }

  /** The HEADERS frame that follows the data, once that is out. */
  get trailers(): Buffer | undefined {
    return this.waiting === 0 ? this.ending?.trailers : undefined;
  }

  /** The bytes must not change afterwards. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pieces.push(bytes);
    this.waiting += bytes.length;
  }

  /** Nothing is added after this. */
  end(trailers?: Buffer): void {
    this.ending = { trailers };
  }

  /** Nothing of what waits goes out any more. */
  drop(): void {
    this.pieces.length = 0;
    this.offset = this.waiting = 0;
  }

  /** Takes the next bytes, at most so many: a part of one piece. */
  take(maxBytes: number): Uint8Array {
    const piece = this.pieces[0]!;
    const end = Math.min(piece.length, this.offset + maxBytes);
    const part = piece.subarray(this.offset, end);
    this.waiting -= part.length;
    if (end === piece.length) {
      this.pieces.shift();
      this.offset = 0;
    } else {
      this.offset = end;
    }
    return part;
  }
}
