import { MESSAGE_PREFIX_BYTES } from '../grpc/message-reader';
import { ConnectionError, ErrorCode } from '../http2/error-code';
import { DEFAULT_WINDOW_BYTES, Flag, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from '../http2/frame';
import type { Output } from '../http2/output';
import type { PeerSettings } from '../http2/settings';
import type { LaneCall } from './lane-call';

/** A request of this size, with its headers, is copied into one piece of the output. */
const SMALL_REQUEST_BYTES = 4_096;

/** Requests wait when the socket holds so much; the peer's windows alone may allow gigabytes. */
const FULL_BYTES = 1_048_576;

const STREAM_ID_OFFSET = 5;

/** Sends requests as far as the peer's windows let it (RFC 9113, section 5.2), large ones in turns so that none keeps others waiting. */
export class RequestSender {
  /** What the peer takes on the whole connection. */
  private window = DEFAULT_WINDOW_BYTES;
  /** Requests that are not out, the one whose turn is next first. */
  private readonly unsent = new Set<LaneCall>();

  constructor(
    private readonly output: Output,
    private readonly peer: PeerSettings,
  ) {}

  /** Begins a request on the stream that the call names. */
  begin(call: LaneCall): void {
    const bytes = MESSAGE_PREFIX_BYTES + call.request.length;
    if (bytes <= SMALL_REQUEST_BYTES && bytes <= this.window && bytes <= this.peer.initialWindowBytes && this.unsent.size === 0) {
      this.sendWhole(call, bytes);
      return;
    }
    const offset = this.output.reserve(call.headers.length);
    copyHeaders(this.output.buffer, offset, call);
    call.sendWindow = this.peer.initialWindowBytes;
    this.unsent.add(call);
    this.pump();
  }

  /** Nothing more of it goes out. */
  forget(call: LaneCall): void {
    this.unsent.delete(call);
  }

  /** Sends what the windows and the socket take. */
  pump(): void {
    for (let progress = true; progress && this.unsent.size > 0; ) {
      progress = false;
      for (const call of this.unsent) {
        if (this.window <= 0 || this.output.waitingBytes >= FULL_BYTES) return;
        if (call.sendWindow <= 0) continue;
        this.sendPiece(call);
        progress = true;
      }
    }
  }

  /** WINDOW_UPDATE of the connection. @throws ConnectionError */
  widen(bytes: number): void {
    this.window = widened(this.window, bytes);
    this.pump();
  }

  /** WINDOW_UPDATE of a stream. @throws ConnectionError */
  widenStream(call: LaneCall, bytes: number): void {
    if (!this.unsent.has(call)) return;
    call.sendWindow = widened(call.sendWindow, bytes);
    this.pump();
  }

  /** The peer has changed the window that streams begin with, which changes every open one (section 6.9.2). @throws ConnectionError */
  resize(difference: number): void {
    for (const call of this.unsent) call.sendWindow = widened(call.sendWindow, difference);
    this.pump();
  }

  private sendWhole(call: LaneCall, bytes: number): void {
    const { headers, request } = call;
    const offset = this.output.reserve(headers.length + FRAME_HEADER_BYTES + bytes);
    const { buffer } = this.output;
    copyHeaders(buffer, offset, call);
    const data = offset + headers.length;
    writeFrameHeader(buffer, data, bytes, FrameType.DATA, Flag.END_STREAM, call.streamId);
    writePrefix(buffer, data + FRAME_HEADER_BYTES, request.length);
    buffer.set(request, data + FRAME_HEADER_BYTES + MESSAGE_PREFIX_BYTES);
    this.window -= bytes;
    call.sentBytes = bytes;
  }

  /** The next DATA frame of a request that takes several. */
  private sendPiece(call: LaneCall): void {
    const total = MESSAGE_PREFIX_BYTES + call.request.length;
    const room = Math.min(this.window, call.sendWindow, this.peer.maxFrameBytes);
    const bytes = Math.min(total - call.sentBytes, room);
    const last = call.sentBytes + bytes === total;
    const prefixed = Math.max(0, Math.min(MESSAGE_PREFIX_BYTES - call.sentBytes, bytes));
    const offset = this.output.reserve(FRAME_HEADER_BYTES + prefixed);
    const { buffer } = this.output;
    writeFrameHeader(buffer, offset, bytes, FrameType.DATA, last ? Flag.END_STREAM : 0, call.streamId);
    if (prefixed > 0) copyPrefix(buffer, offset + FRAME_HEADER_BYTES, call.request.length, call.sentBytes, prefixed);
    const from = call.sentBytes + prefixed - MESSAGE_PREFIX_BYTES;
    if (bytes > prefixed) this.output.write(call.request.subarray(from, from + bytes - prefixed));
    call.sentBytes += bytes;
    call.sendWindow -= bytes;
    this.window -= bytes;
    this.unsent.delete(call);
    // To the end of the queue: the others have their turn.
    if (!last) this.unsent.add(call);
  }
}

function copyHeaders(buffer: Buffer, offset: number, { headers, streamId }: LaneCall): void {
  headers.copy(buffer, offset);
  buffer.writeUInt32BE(streamId, offset + STREAM_ID_OFFSET);
}

function writePrefix(buffer: Buffer, offset: number, messageBytes: number): void {
  buffer[offset] = 0;
  buffer.writeUInt32BE(messageBytes, offset + 1);
}

/** Part of the prefix: a window may be smaller than it. */
function copyPrefix(buffer: Buffer, offset: number, messageBytes: number, from: number, bytes: number): void {
  const prefix = Buffer.allocUnsafe(MESSAGE_PREFIX_BYTES);
  writePrefix(prefix, 0, messageBytes);
  prefix.copy(buffer, offset, from, from + bytes);
}

function widened(window: number, bytes: number): number {
  if (window + bytes > MAX_31_BITS) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'A window of the peer is larger than 2^31 - 1 bytes.');
  return window + bytes;
}
