import { ConnectionError, ErrorCode } from './error-code';
import { Flag, FRAME_HEADER_BYTES, FrameType } from './frame';
import { checkFrame } from './frame-rules';
import { checkBlockBytes, HeaderBlock, type HeaderBlockLimits } from './header-block';

/** Hears the frames of a peer in their order. The bytes it is given are good only until it returns. */
export interface FrameListener {
  /**
   * A part of a DATA frame, without padding. A frame that came in several reads is several parts; only its last can end the stream.
   * @param flowBytes what this part counts for flow control: its content, and the padding that goes with it.
   */
  onData(streamId: number, bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void;
  /** A whole header block, put together from HEADERS and CONTINUATION. */
  onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void;
  /** SETTINGS, PING, GOAWAY, WINDOW_UPDATE or RST_STREAM: whole, on a stream where it may be, of a size that it may have. */
  onControl(type: number, flags: number, streamId: number, payload: Buffer): void;
}

const STREAM_ID_MASK = 0x7f_ff_ff_ff;
const PRIORITY_BYTES = 5;

/**
 * Cuts the bytes of a peer into frames (RFC 9113, section 4), wherever reads may have cut them. Keeps at most one frame that is no
 * DATA, and one header block. It looks at what a frame is by itself; what it means for a stream is the listener's.
 */
export class FrameReader {
  /** The beginning of a frame header that came in several reads. */
  private readonly header = Buffer.alloc(FRAME_HEADER_BYTES);
  private headerBytes = 0;
  private inFrame = false;
  private type = 0;
  private flags = 0;
  private streamId = 0;
  /** Of the frame in progress, its padding included. */
  private remaining = 0;
  private padding = 0;
  private padLengthPending = false;
  /** The payload so far of a frame that is no DATA and came in several reads. */
  private payload: Buffer | undefined;
  private payloadBytes = 0;
  private block: HeaderBlock | undefined;

  constructor(
    private readonly listener: FrameListener,
    private readonly limits: HeaderBlockLimits,
  ) {}

  /** @throws ConnectionError, and nothing more may be read. */
  read(bytes: Buffer, length = bytes.length): void {
    let position = 0;
    while (position < length) {
      if (!this.inFrame) position = this.readHeader(bytes, position, length);
      else if (this.type === FrameType.DATA) position = this.readData(bytes, position, length);
      else position = this.readPayload(bytes, position, length);
    }
  }

  private readHeader(bytes: Buffer, position: number, length: number): number {
    if (this.headerBytes === 0 && length - position >= FRAME_HEADER_BYTES) {
      this.begin(bytes, position);
      return position + FRAME_HEADER_BYTES;
    }
    const end = Math.min(length, position + FRAME_HEADER_BYTES - this.headerBytes);
    this.headerBytes += bytes.copy(this.header, this.headerBytes, position, end);
    if (this.headerBytes === FRAME_HEADER_BYTES) {
      this.headerBytes = 0;
      this.begin(this.header, 0);
    }
    return end;
  }

  private begin(header: Buffer, at: number): void {
    const size = (header[at]! << 16) | (header[at + 1]! << 8) | header[at + 2]!;
    this.type = header[at + 3]!;
    this.flags = header[at + 4]!;
    this.streamId = ((header[at + 5]! << 24) | (header[at + 6]! << 16) | (header[at + 7]! << 8) | header[at + 8]!) & STREAM_ID_MASK;
    checkFrame(this.type, this.flags, this.streamId, size);
    this.checkOrder();
    this.remaining = size;
    this.padding = 0;
    this.padLengthPending = this.type === FrameType.DATA && (this.flags & Flag.PADDED) !== 0;
    this.inFrame = size > 0;
    if (this.inFrame) return;
    // It is complete with its header.
    if (this.padLengthPending) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'A padded frame has no room for its padding.');
    if (this.type === FrameType.DATA) this.data(header, 0, 0, 0, true);
    else this.whole(header, 0, 0);
  }

  /** Within a header block nothing else may come (RFC 9113, section 6.10). */
  private checkOrder(): void {
    const continuation = this.type === FrameType.CONTINUATION;
    if (!this.block && continuation) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'CONTINUATION came without HEADERS.');
    if (this.block && (!continuation || this.streamId !== this.block.streamId)) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'Another frame came within a header block.');
    }
  }

  private readData(bytes: Buffer, from: number, length: number): number {
    let start = from;
    if (this.padLengthPending) {
      this.padLengthPending = false;
      this.padding = bytes[start]!;
      start += 1;
      this.remaining -= 1;
      if (this.padding > this.remaining) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'A frame has more padding than payload.');
    }
    const end = Math.min(length, start + this.remaining);
    // Once the content is through, what remains is less than the padding.
    const contentEnd = Math.max(start, Math.min(end, start + this.remaining - this.padding));
    this.remaining -= end - start;
    this.inFrame = this.remaining > 0;
    this.data(bytes, start, contentEnd, end - from, !this.inFrame);
    return end;
  }

  private data(bytes: Buffer, start: number, end: number, flowBytes: number, last: boolean): void {
    this.listener.onData(this.streamId, bytes, start, end, flowBytes, last && (this.flags & Flag.END_STREAM) !== 0);
  }

  private readPayload(bytes: Buffer, start: number, length: number): number {
    const end = Math.min(length, start + this.remaining);
    this.remaining -= end - start;
    this.inFrame = this.remaining > 0;
    if (!this.inFrame && !this.payload) {
      this.whole(bytes, start, end);
      return end;
    }
    this.payload ??= Buffer.allocUnsafe(end - start + this.remaining);
    this.payloadBytes += bytes.copy(this.payload, this.payloadBytes, start, end);
    if (this.inFrame) return end;
    const { payload } = this;
    this.payload = undefined;
    this.payloadBytes = 0;
    this.whole(payload, 0, payload.length);
    return end;
  }

  private whole(bytes: Buffer, start: number, end: number): void {
    switch (this.type) {
      case FrameType.HEADERS:
        return this.headers(bytes, start, end);
      case FrameType.CONTINUATION:
        return this.continuation(bytes, start, end);
      case FrameType.SETTINGS:
      case FrameType.PING:
      case FrameType.GOAWAY:
      case FrameType.WINDOW_UPDATE:
      case FrameType.RST_STREAM:
        return this.listener.onControl(this.type, this.flags, this.streamId, bytes.subarray(start, end));
      case FrameType.PUSH_PROMISE:
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'PUSH_PROMISE came although push is switched off.');
      default:
        // PRIORITY says nothing any more, and unknown types are passed over (RFC 9113, sections 5.3.2 and 5.5).
        return;
    }
  }

  private headers(bytes: Buffer, from: number, to: number): void {
    const padded = (this.flags & Flag.PADDED) !== 0;
    const start = from + (padded ? 1 : 0) + (this.flags & Flag.PRIORITY ? PRIORITY_BYTES : 0);
    const end = to - (padded && from < to ? bytes[from]! : 0);
    if (start > to) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'A frame is too short for what its flags announce.');
    if (start > end) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'A frame has more padding than payload.');
    const endStream = (this.flags & Flag.END_STREAM) !== 0;
    if (this.flags & Flag.END_HEADERS) {
      checkBlockBytes(end - start, this.limits);
      return this.listener.onHeaders(this.streamId, bytes, start, end, endStream);
    }
    this.block = new HeaderBlock(this.streamId, endStream, this.limits);
    this.block.append(bytes, start, end);
  }

  private continuation(bytes: Buffer, start: number, end: number): void {
    const block = this.block!;
    block.append(bytes, start, end);
    if (!(this.flags & Flag.END_HEADERS)) return;
    this.block = undefined;
    const whole = block.whole();
    this.listener.onHeaders(block.streamId, whole, 0, whole.length, block.endStream);
  }
}
