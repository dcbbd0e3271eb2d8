import type { Timed } from '../grpc/deadline-list';
import { frameMessage } from '../grpc/frame-message';
import { type MessageListener, MessageReader } from '../grpc/message-reader';
import { CallError, Status } from '../grpc/status';
import type { ConnectionStream } from '../http2/connection';
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
  onDrained(): void;
}

const WINDOW_BYTES = 65_536;

/** Written bytes that may wait before a writer is told to pause. */
const HIGH_WATER_BYTES = 16_384;

/** One request and its answer, in bytes. */
export class ServerStream implements ConnectionStream, Timed {
  earlier: Timed | undefined;
  later: Timed | undefined;
  outgoing: Outgoing | undefined;
  /** The peer has said all that it will. */
  requestEnded = false;
  listener: ServerStreamListener | undefined;
  private begun = false;
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

  onData(bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    this.window ??= new ReceiveWindow(WINDOW_BYTES);
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

  onRequestEnd(): void {
    this.requestEnded = true;
    if (this.ended) return;
    if (this.reader && !this.reader.atBoundary) this.fail(Status.INTERNAL, 'The request ended within a message.');
    else this.listener?.onRequestEnd();
  }

  onReset(_code: number): void {
    if (this.ended) return;
    this.ended = true;
    this.listener?.onCancelled();
  }

  onDeadline(): void {
    if (this.ended) return;
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
    return this.outgoing === undefined || this.outgoing.waitingBytes < HIGH_WATER_BYTES;
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
}
