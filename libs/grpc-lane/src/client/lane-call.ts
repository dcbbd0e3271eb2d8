import type { MessageBuffers } from '../grpc/message-buffers';
import { type MessageListener, MessageReader, MessageTooLarge } from '../grpc/message-reader';
import { CallError, Status } from '../grpc/status';
import { errorOfReset } from '../grpc/status-of-reset';
import type { ConnectionStream } from '../http2/connection';
import type { DataSender } from '../http2/data-sender';
import { ErrorCode } from '../http2/error-code';
import type { Outgoing } from '../http2/outgoing';
import { ReceiveWindow } from '../http2/receive-window';
import type { Timed } from '../grpc/deadline-list';

/** Who carries a call. */
export interface CallCarrier {
  /** Tells the peer that nobody waits for an answer any more, and forgets the call. */
  abandon(call: LaneCall): void;
  /** The peer has said its last word. */
  concluded(call: LaneCall): void;
  /** The peer did not begin the call, and says so. */
  refused(call: LaneCall): void;
  /** Lets the peer send more of this call. */
  credit(streamId: number, bytes: number): void;
}

/** Who counts the calls. */
export interface CallRegistry {
  ended(call: LaneCall): void;
  /** A message came in. */
  received(bytes: number): void;
  /** A stream's time was over before its end. */
  streamTimedOut(): void;
  /** A message was larger than it may be, and was not read. */
  refusedMessage(bytes: number, limit: number): void;
}

/** How much earlier than this side the peer may think that the deadline has come. */
const DEADLINE_SKEW_MS = 50;
const DEADLINE = 'Deadline exceeded';

export interface CallLimits {
  maxMessageBytes: number;
  /** How much of one call may be on its way, or wait for a reader that has paused. */
  windowBytes: number;
}

/** How often a call is sent again. The peer did nothing, but one that refuses for ever may not keep this side busy. */
const MAX_REFUSALS = 2;

/** A call, from the request's first byte to the status. It ends once, and after that its observer hears nothing. */
export abstract class LaneCall implements Timed, MessageListener, ConnectionStream {
  place = -1;
  /** Of the connection that carries it; 0 before. */
  streamId = 0;
  /** Undefined while it waits for a connection. */
  carrier: CallCarrier | undefined;
  /** The request, while it is not out. */
  outgoing: Outgoing | undefined;
  /** The first header block of the answer is there. */
  begun = false;
  ended = false;
  private refusals = 0;
  private reader: MessageReader | undefined;
  protected window: ReceiveWindow | undefined;
  /** Where memory for large messages comes from, if their reader gives it back. */
  protected readonly buffers: MessageBuffers | undefined;

  constructor(
    readonly headers: Buffer,
    readonly request: Uint8Array,
    readonly deadlineMs: number,
    protected readonly limits: CallLimits,
    protected readonly registry: CallRegistry,
  ) {}

  cancel(): void {
    if (this.end()) this.carrier?.abandon(this);
  }

  /** Part of a DATA frame. @throws ConnectionError when the peer sends more than it may. */
  onData(bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    if (!this.begun) return this.fail(new CallError(Status.INTERNAL, 'The peer sent a message before its headers.'));
    this.window ??= new ReceiveWindow(this.limits.windowBytes);
    this.window.receive(flowBytes);
    this.reader ??= new MessageReader(this.limits.maxMessageBytes, this.buffers);
    try {
      this.reader.read(bytes, start, end, this);
    } catch (error) {
      if (error instanceof MessageTooLarge) this.registry.refusedMessage(error.bytes, this.limits.maxMessageBytes);
      if (!(error instanceof CallError)) throw error;
      return this.fail(error);
    }
    if (this.ended) return;
    if (!endStream) return this.consumed(flowBytes);
    this.carrier?.concluded(this);
    this.onStatus(new CallError(Status.INTERNAL, 'The peer ended the call without trailers.'));
  }

  onReset(code: number): void {
    if (code === ErrorCode.REFUSED_STREAM && this.carrier) this.carrier.refused(this);
    else this.onStatus(errorOfReset(code));
  }

  onCredit(bytes: number, sender: DataSender): void {
    if (this.outgoing) sender.widenStream(this.outgoing, bytes);
  }

  onFault(reason: string): void {
    this.onStatus(new CallError(Status.INTERNAL, reason));
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
    if (!error) this.finish(cut ? new CallError(Status.INTERNAL, 'The peer ended the call within a message.') : undefined);
    else this.finish(this.endedByDeadline(error) ? new CallError(Status.DEADLINE_EXCEEDED, DEADLINE) : error);
  }

  /**
   * The peer's own copy of the deadline may come before this side's: grpc-go then resets the stream with CANCEL, and a handler that was
   * waiting for something gives up with an error of its own, which is UNKNOWN.
   */
  private endedByDeadline({ status }: CallError): boolean {
    return (status === Status.CANCELLED || status === Status.UNKNOWN) && performance.now() >= this.deadlineMs - DEADLINE_SKEW_MS;
  }

  onDeadline(): void {
    this.fail(new CallError(Status.DEADLINE_EXCEEDED, DEADLINE));
  }

  /** Ends the call from this side. */
  fail(error: CallError): void {
    if (!this.end()) return;
    this.carrier?.abandon(this);
    this.finish(error);
  }

  /**
   * Takes it back from a connection whose peer says that it did not begin it.
   * @returns whether it may be sent again; not when there is an answer all the same, or it came back too often.
   */
  rewind(): boolean {
    this.carrier = undefined;
    this.streamId = 0;
    this.refusals += 1;
    return !this.begun && this.refusals <= MAX_REFUSALS;
  }

  protected abstract message(message: Buffer): void;
  /** So much of the window was used and is free again, unless the reader has paused. */
  protected abstract consumed(bytes: number): void;
  protected abstract finish(error: CallError | undefined): void;

  /** How much window goes back to the peer for these bytes and those before; 0 while it is too little. */
  protected creditFor(bytes: number): number {
    return this.window!.consume(bytes);
  }

  protected sendCredit(bytes: number): void {
    if (bytes > 0) this.carrier?.credit(this.streamId, bytes);
  }

  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.registry.ended(this);
    return true;
  }
}
