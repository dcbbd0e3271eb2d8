import type { MessageBuffers } from './message-buffers';
import { CallError, Status } from './status';

/** Compressed-Flag and Message-Length, "Length-Prefixed-Message" of gRPC's PROTOCOL-HTTP2 document. */
export const MESSAGE_PREFIX_BYTES = 5;

const FIRST_ROOM_BYTES = 4_096;
const EMPTY = Buffer.alloc(0);

export interface MessageListener {
  /** The bytes belong to the listener. */
  onMessage(message: Buffer): void;
}

/** A message that is larger than this side takes; known by its prefix. */
export class MessageTooLarge extends CallError {
  constructor(
    readonly bytes: number,
    limit: number,
  ) {
    super(Status.RESOURCE_EXHAUSTED, `A message of ${bytes} bytes is larger than ${limit}.`);
  }
}

/** Cuts the content of DATA frames into messages, wherever frames and reads may have cut them. */
export class MessageReader {
  private prefix = EMPTY;
  private prefixBytes = 0;
  /** Of the message in progress; -1 between messages. */
  private length = -1;
  /** What has arrived of it, and room for more. */
  private message: Buffer = EMPTY;
  private filled = 0;

  constructor(
    private readonly maxMessageBytes: number,
    /** Where memory for large messages comes from, if their reader gives it back. */
    private readonly buffers?: MessageBuffers,
  ) {}

  /** False within a message. */
  get atBoundary(): boolean {
    return this.length < 0 && this.prefixBytes === 0;
  }

  /** @throws CallError for a message that is too large, or compressed although this side offered no compression. */
  read(bytes: Buffer, from: number, end: number, listener: MessageListener): void {
    let position = from;
    // A message of no bytes is complete with its prefix.
    while (position < end || this.length === 0) {
      if (this.length < 0) position = this.readPrefix(bytes, position, end);
      else position = this.readContent(bytes, position, end, listener);
    }
  }

  private readPrefix(bytes: Buffer, position: number, end: number): number {
    if (this.prefixBytes === 0 && end - position >= MESSAGE_PREFIX_BYTES) {
      this.begin(bytes, position);
      return position + MESSAGE_PREFIX_BYTES;
    }
    if (this.prefixBytes === 0) this.prefix = Buffer.allocUnsafe(MESSAGE_PREFIX_BYTES);
    const stop = Math.min(end, position + MESSAGE_PREFIX_BYTES - this.prefixBytes);
    this.prefixBytes += bytes.copy(this.prefix, this.prefixBytes, position, stop);
    if (this.prefixBytes === MESSAGE_PREFIX_BYTES) {
      this.prefixBytes = 0;
      this.begin(this.prefix, 0);
    }
    return stop;
  }

  private begin(prefix: Buffer, at: number): void {
    if (prefix[at] !== 0) throw new CallError(Status.INTERNAL, `A message has the compressed flag ${prefix[at]}, and no compression was offered.`);
    const length = prefix.readUInt32BE(at + 1);
    if (length > this.maxMessageBytes) throw new MessageTooLarge(length, this.maxMessageBytes);
    this.length = length;
  }

  private readContent(bytes: Buffer, position: number, end: number, listener: MessageListener): number {
    const stop = Math.min(end, position + this.length - this.filled);
    const target = this.room(stop - position);
    this.filled += bytes.copy(target, this.filled, position, stop);
    if (this.filled < this.length) return stop;
    const message = target.length === this.length ? target : target.subarray(0, this.length);
    this.message = EMPTY;
    this.filled = 0;
    this.length = -1;
    listener.onMessage(message);
    return stop;
  }

  /** Grows with what arrives, never with what was announced: a peer that announces much and sends little costs little. */
  private room(bytes: number): Buffer {
    const needed = this.filled + bytes;
    if (needed <= this.message.length && this.filled > 0) return this.message;
    const wanted = needed >= this.length ? this.length : Math.min(this.length, Math.max(2 * needed, FIRST_ROOM_BYTES));
    const grown = this.buffers?.take(wanted) ?? Buffer.allocUnsafe(wanted);
    this.message.copy(grown, 0, 0, this.filled);
    this.buffers?.give(this.message);
    this.message = grown;
    return grown;
  }
}
