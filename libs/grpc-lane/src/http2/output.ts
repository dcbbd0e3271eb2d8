import type { Socket } from 'node:net';

const SLAB_BYTES = 32_768;

/** Larger pieces are handed on as they are; smaller ones are cheaper to copy than to write apart. */
const COPIED_BYTES = 8_192;

/** So much leaves before the turn ends: a peer that stood idle until then, and this side after it, would wait for each other. */
const FULL_WRITE_BYTES = 3_000;

/**
 * What goes out on a socket. The frames of one turn of the event loop leave in few writes: frames are small, and a write costs more than
 * making them.
 */
export class Output {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** Of the slab: what has been handed to the socket, and what has been filled. */
  private written = 0;
  private filled = 0;
  private readonly pieces: Buffer[] = [];
  private pieceBytes = 0;
  private scheduled = false;
  private ended = false;

  constructor(private readonly socket: Socket) {}

  /** Bytes that have not left yet: those of this turn, and what the socket holds because the peer does not read. */
  get waitingBytes(): number {
    return this.socket.writableLength + this.pieceBytes + this.filled - this.written;
  }

  /**
   * Room for so many bytes, at most {@link COPIED_BYTES}, in {@link buffer} from the offset that it returns. They have to be filled before
   * anything else is reserved.
   */
  reserve(bytes: number): number {
    if (this.filled - this.written >= FULL_WRITE_BYTES) this.flush();
    if (this.filled + bytes > SLAB_BYTES) {
      this.cut();
      // The socket may still be reading from the old one.
      this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.written = this.filled = 0;
    }
    const offset = this.filled;
    this.filled += bytes;
    this.schedule();
    return offset;
  }

  get buffer(): Buffer {
    return this.slab;
  }

  /** The bytes must not change afterwards. */
  write(bytes: Uint8Array): void {
    if (bytes.length <= COPIED_BYTES) {
      const offset = this.reserve(bytes.length);
      this.slab.set(bytes, offset);
      return;
    }
    this.cut();
    this.pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.pieceBytes += bytes.length;
    this.schedule();
  }

  /** Writes what there is, and nothing after it. */
  end(): void {
    if (this.ended) return;
    this.flush();
    this.ended = true;
    this.socket.end();
  }

  private cut(): void {
    if (this.filled > this.written) {
      this.pieces.push(this.slab.subarray(this.written, this.filled));
      this.pieceBytes += this.filled - this.written;
    }
    this.written = this.filled;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(flush, this);
  }

  flush(): void {
    this.scheduled = false;
    this.cut();
    const { pieces, socket } = this;
    this.pieceBytes = 0;
    if (pieces.length === 0) return;
    if (this.ended || socket.destroyed) {
      pieces.length = 0;
      return;
    }
    if (pieces.length === 1) {
      socket.write(pieces[0]!);
    } else {
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    }
    pieces.length = 0;
  }
}

function flush(output: Output): void {
  output.flush();
}
