import { ConnectionError, ErrorCode, StreamError } from './error-code';
import { DEFAULT_WINDOW_BYTES, Flag, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from './frame';
import type { Output } from './output';
import type { Outgoing } from './outgoing';
import type { PeerSettings } from './settings';

/** Streams wait when so much has not left yet: the peer's windows alone may allow gigabytes. */
const FULL_BYTES = 1_048_576;

/** Larger frames would keep other streams waiting for long, and bring little, even where the peer takes them. */
const LARGEST_SENT_BYTES = 65_536;

const TOO_LARGE = 'A window of the peer is larger than 2^31 - 1 bytes.';

export interface DataSenderListener {
  /** Everything of this stream is out. */
  onSent(stream: Outgoing): void;
  /** All that there was is out, and more may be added. */
  onRoom(stream: Outgoing): void;
}

/** Sends DATA as far as the peer's windows let it (RFC 9113, section 5.2), a frame of each stream in turn so that none keeps others waiting. */
export class DataSender {
  private window = DEFAULT_WINDOW_BYTES;
  /** Those that their own windows let send, the one whose turn is next first. */
  private readonly ready = new Set<Outgoing>();
  private pumping = false;

  constructor(
    private readonly output: Output,
    private readonly peer: PeerSettings,
    private readonly listener: DataSenderListener,
  ) {}

  /** Whether so many bytes may go out at once, before anything that waits. */
  takes(bytes: number): boolean {
    return bytes <= this.window && bytes <= this.peer.initialWindowBytes && this.ready.size === 0 && this.output.waitingBytes < FULL_BYTES;
  }

  /** So many bytes went out past this sender. */
  spend(bytes: number): void {
    this.window -= bytes;
  }

  /** Has something to send, or something new. */
  send(stream: Outgoing): void {
    if (!stream.isReady) return;
    this.ready.add(stream);
    // Behind an empty window all others wait as well, and would be looked at for nothing.
    if (this.window > 0) this.pump();
    else if (stream.waitingBytes === 0) this.sendFrame(stream);
  }

  /** Nothing more of it goes out. */
  forget(stream: Outgoing): void {
    this.ready.delete(stream);
  }

  /** Sends what the windows and the socket take. */
  pump(): void {
    // Whoever hears of room writes more: that comes up further down, where it does not pile up on the stack.
    if (this.pumping) return;
    this.pumping = true;
    try {
      // A stream that may send on stands at the end again, and comes up once more.
      for (const stream of this.ready) {
        if (this.output.waitingBytes >= FULL_BYTES) return;
        if (stream.waitingBytes === 0 || this.window > 0) this.sendFrame(stream);
      }
    } finally {
      this.pumping = false;
    }
  }

  /** WINDOW_UPDATE of the connection. @throws ConnectionError */
  widen(bytes: number): void {
    this.window = widened(this.window, bytes);
    this.pump();
  }

  /** WINDOW_UPDATE of a stream. @throws StreamError */
  widenStream(stream: Outgoing, bytes: number): void {
    if (stream.sendWindow + bytes > MAX_31_BITS) throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, TOO_LARGE);
    stream.sendWindow += bytes;
    this.send(stream);
  }

  /** A change of what all streams begin with, which may take something away (section 6.9.2). @throws ConnectionError */
  resizeStream(stream: Outgoing, difference: number): void {
    stream.sendWindow = widened(stream.sendWindow, difference);
    this.send(stream);
  }

  private sendFrame(stream: Outgoing): void {
    this.ready.delete(stream);
    // Its window may have been taken away since.
    if (!stream.isReady) return;
    if (stream.waitingBytes > 0) this.sendData(stream);
    if (stream.waitingBytes > 0) {
      if (stream.isReady) this.ready.add(stream);
      return;
    }
    if (stream.trailers) this.output.write(stream.trailers);
    if (stream.isEnded) this.listener.onSent(stream);
    else this.listener.onRoom(stream);
  }

  private sendData(stream: Outgoing): void {
    const bytes = Math.min(stream.waitingBytes, this.window, stream.sendWindow, this.peer.maxFrameBytes, LARGEST_SENT_BYTES);
    const flags = stream.endsWith(bytes) ? Flag.END_STREAM : 0;
    const offset = this.output.reserve(FRAME_HEADER_BYTES);
    writeFrameHeader(this.output.buffer, offset, bytes, FrameType.DATA, flags, stream.streamId);
    for (let rest = bytes; rest > 0; ) {
      const part = stream.take(rest);
      this.output.write(part);
      rest -= part.length;
    }
    stream.sendWindow -= bytes;
    this.window -= bytes;
  }
}

/** @throws ConnectionError (RFC 9113, section 6.9.1) */
function widened(window: number, bytes: number): number {
  if (window + bytes > MAX_31_BITS) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, TOO_LARGE);
  return window + bytes;
}
