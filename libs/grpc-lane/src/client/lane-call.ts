import { MESSAGE_PREFIX_BYTES, type MessageListener, MessageReader } from '../grpc/message-reader';
import { CallError, Status } from '../grpc/status';
import { ReceiveWindow } from '../http2/receive-window';
import type { Timed } from './deadline-list';

/** Who carries a call. */
export interface CallCarrier {
  /** The call's part is over: tells the peer, if the stream is open, and forgets it. */
  abandon(call: LaneCall): void;
  /** Lets the peer send more of this call. */
  credit(call: LaneCall, bytes: number): void;
}

/** Who counts the calls. */
export interface CallRegistry {
  ended(call: LaneCall): void;
  /** A message came in. */
  received(bytes: number): void;
  /** A stream's time was over before its end. */
  streamTimedOut(): void;
}

export interface CallLimits {
  maxMessageBytes: number;
  /** How much of one call may be on its way, or wait for a reader that has paused. */
  windowBytes: number;
}

/** A call, from the request's first byte to the status. It ends once, and after that its observer hears nothing. */
export abstract class LaneCall implements Timed, MessageListener {
  earlier: Timed | undefined;
  later: Timed | undefined;
  /** Of the connection that carries it; 0 before. */
  streamId = 0;
  /** Undefined while it waits for a connection. */
  carrier: CallCarrier | undefined;
  /** Of the request's prefix and message. */
  sentBytes = 0;
  /** What the peer takes of this stream; counts only while the request is not out. */
  sendWindow = 0;
  /** The first header block of the answer is there. */
  begun = false;
  ended = false;
  private reader: MessageReader | undefined;
  protected window: ReceiveWindow | undefined;

  constructor(
    readonly headers: Buffer,
    readonly request: Uint8Array,
    readonly deadlineMs: number,
    protected readonly limits: CallLimits,
    protected readonly registry: CallRegistry,
  ) {}

  /** Part of the request is still here. */
  get isUnsent(): boolean {
    return this.sentBytes < MESSAGE_PREFIX_BYTES + this.request.length;
  }

  cancel(): void {
    if (this.end()) this.carrier?.abandon(this);
  }

  /** Part of a DATA frame. @throws ConnectionError when the peer sends more than it may. */
  onData(bytes: Buffer, start: number, end: number, flowBytes: number): void {
    if (!this.begun) return this.fail(new CallError(Status.INTERNAL, 'The peer sent a message before its headers.'));
    this.window ??= new ReceiveWindow(this.limits.windowBytes);
    this.window.receive(flowBytes);
    this.reader ??= new MessageReader(this.limits.maxMessageBytes);
    try {
      this.reader.read(bytes, start, end, this);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return this.fail(error);
    }
    if (!this.ended) this.consumed(flowBytes);
  }

  onMessage(message: Buffer): void {
    if (this.ended) return;
    this.registry.received(message.length);
    this.message(message);
  }

  /** The peer has ended the call; without an error its status is OK. */
  onStatus(error: CallError | undefined): void {
    if (!this.end()) return;
    const cut = this.reader !== undefined && !this.reader.atBoundary;
    this.finish(error ?? (cut ? new CallError(Status.INTERNAL, 'The peer ended the call within a message.') : undefined));
  }

  onDeadline(): void {
    this.fail(new CallError(Status.DEADLINE_EXCEEDED, 'Deadline exceeded'));
  }

  /** Ends the call from this side. */
  fail(error: CallError): void {
    if (!this.end()) return;
    this.carrier?.abandon(this);
    this.finish(error);
  }

  /** Before it goes to another connection: nothing of it was taken. */
  rewind(): void {
    this.carrier = undefined;
    this.streamId = 0;
    this.sentBytes = 0;
  }

  protected abstract message(message: Buffer): void;
  /** So much of the window was used and is free again, unless the reader has paused. */
  protected abstract consumed(bytes: number): void;
  protected abstract finish(error: CallError | undefined): void;

  protected credit(bytes: number): void {
    const credit = this.window!.consume(bytes);
    if (credit > 0) this.carrier?.credit(this, credit);
  }

  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.registry.ended(this);
    return true;
  }
}
