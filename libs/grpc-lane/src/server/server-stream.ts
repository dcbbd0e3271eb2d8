import type { Timed } from '../grpc/deadline-list';
import { frameMessage } from '../grpc/frame-message';
import { type MessageListener, MessageReader } from '../grpc/message-reader';
import { CallError, Status } from '../grpc/status';
import type { ConnectionStream } from '../http2/connection';
import type { DataSender } from '../http2/data-sender';
import { ErrorCode, StreamError } from '../http2/error-code';
import { DEFAULT_WINDOW_BYTES, MAX_31_BITS } from '../http2/frame';
import type { Outgoing } from '../http2/outgoing';
import { ReceiveWindow } from '../http2/receive-window';

/** The connection, as far as one of its streams needs it. */
export interface StreamCarrier {
  credit(streamId: number, bytes: number): void;
  /** Begins an answer that comes in pieces. */
  begin(stream: ServerStream): Outgoing;
  /** Sends what was added. */
  flush(outgoing: Outgoing): void;
  /** A whole answer. */
  answer(stream: ServerStream, message: Uint8Array): void;
  /** The last word without an answer before it. */
  refuse(stream: ServerStream, status: number, message: string): void;
  /** The end of an answer that has begun. */
  end(stream: ServerStream, status: number, message: string): void;
}

/** Who answers. */
export interface ServerStreamListener extends MessageListener {
  /** The request is complete. */
  onRequestEnd(): void;
  /** Nobody waits for the answer any more. */
  onCancelled(): void;
  /** What was written is out. */
  onSent(): void;
  /** And there had been too much of it. */
  onDrained(): void;
}

/** Written bytes that may wait before a writer is told to pause. */
const HIGH_WATER_BYTES = 16_384;

/** One request and its answer, in bytes. */
export class ServerStream implements ConnectionStream, Timed {
  place = -1;
  outgoing: Outgoing | undefined;
  /** The peer has said all that it will. */
  requestEnded = false;
  /** What the peer takes beyond what all streams begin with, as long as nothing is {@link outgoing}. */
  creditBytes = 0;
  listener: ServerStreamListener | undefined;
  private begun = false;
  /** A writer was told to pause. */
  private full = false;
  private ended = false;
  private reader: MessageReader | undefined;
  private window: ReceiveWindow | undefined;

  constructor(
    readonly streamId: number,
    readonly deadlineMs: number,
    private readonly carrier: StreamCarrier,
    private readonly maxMessageBytes: number,
  ) {}

  get isEnded(): boolean {
    return this.ended;
  }

  /** @throws StreamError for DATA behind the request's end (RFC 9113, section 5.1). */
  onData(bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    this.checkOpen();
    this.window ??= new ReceiveWindow(DEFAULT_WINDOW_BYTES);
    this.window.receive(flowBytes);
    if (!this.ended && this.listener) {
      this.reader ??= new MessageReader(this.maxMessageBytes);
      try {
        this.reader.read(bytes, start, end, this.listener);
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        return this.fail(error.status, error.message);
      }
    }
    if (endStream) return this.onRequestEnd();
    const credit = this.window.consume(flowBytes);
    if (credit > 0) this.carrier.credit(this.streamId, credit);
  }

  /** @throws StreamError when it has ended before. */
  onRequestEnd(): void {
    this.checkOpen();
    this.requestEnded = true;
    if (this.ended) return;
    if (this.reader && !this.reader.atBoundary) this.fail(Status.INTERNAL, 'The request ended within a message.');
    else this.listener?.onRequestEnd();
  }

  onCredit(bytes: number, sender: DataSender): void {
    if (this.outgoing) return sender.widenStream(this.outgoing, bytes);
    this.creditBytes += bytes;
    if (this.creditBytes > MAX_31_BITS) throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, 'The peer gives a stream more than 2^31 - 1 bytes.');
  }

  onFault(_reason: string): void {
    this.onReset();
  }

  onReset(): void {
    if (this.ended) return;
    this.ended = true;
    this.listener?.onCancelled();
  }

  onDeadline(): void {
    if (this.ended) return;
    // Whoever waits has given up as well, and may take no more of what is still to be sent.
    this.outgoing?.drop();
    this.fail(Status.DEADLINE_EXCEEDED, 'Deadline exceeded');
    this.listener?.onCancelled();
  }

  /** The one message of an answer, and its end. */
  answer(message: Uint8Array): void {
    if (this.ended) return;
    this.ended = true;
    this.carrier.answer(this, message);
  }

  /** A message of an answer that has several. @returns whether there is room for more. */
  write(message: Uint8Array): boolean {
    if (this.ended) return false;
    this.begun = true;
    this.outgoing ??= this.carrier.begin(this);
    this.outgoing.add(frameMessage(message));
    this.carrier.flush(this.outgoing);
    this.full ||= this.outgoing !== undefined && this.outgoing.waitingBytes >= HIGH_WATER_BYTES;
    return !this.full;
  }

  /** What was written is out. */
  onRoom(): void {
    const { full } = this;
    this.full = false;
    this.listener?.onSent();
    if (full) this.listener?.onDrained();
  }

  /** Everything that was written has left. */
  get isDrained(): boolean {
    return (this.outgoing?.waitingBytes ?? 0) === 0;
  }

  end(): void {
    if (!this.ended && !this.begun) this.outgoing = this.carrier.begin(this);
    this.begun = true;
    this.fail(Status.OK, '');
  }

  fail(status: number, message: string): void {
    if (this.ended) return;
    this.ended = true;
    if (this.begun) this.carrier.end(this, status, message);
    else this.carrier.refuse(this, status, message);
  }

  private checkOpen(): void {
    if (this.requestEnded) throw new StreamError(ErrorCode.STREAM_CLOSED, 'The peer sent more of a request that it had ended.');
  }
}
