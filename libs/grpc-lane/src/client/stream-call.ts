import type { MessageBuffers } from '../grpc/message-buffers';
import { type CallError, Status } from '../grpc/status';
import { type CallLimits, type CallRegistry, LaneCall } from './lane-call';

export interface StreamObserver {
  onMessage(message: Uint8Array): void;
  /** The stream ended with status OK. */
  onEnd(): void;
  onError(error: CallError): void;
}

/** A stream whose peer has to wait for its turn. */
export interface PacedStream {
  /** What its peer may send with this turn. */
  readonly expectedBytes: number;
  /** Its turn has come. @returns false when it has no use for it. */
  takeTurn(): boolean;
}

/** Decides when the peers of streams may send on. */
export interface StreamPacing {
  /** True: now. False: wait for `takeTurn`. */
  admit(stream: PacedStream): boolean;
}

/** A call that is answered by a stream. While its reader has paused, the peer gets no window: what waits here is at most one window. */
export class StreamCall extends LaneCall implements PacedStream {
  private paused = false;
  /** What came while the reader had paused, in its order. */
  private held: Buffer[] = [];
  private heldWindowBytes = 0;
  private heldEnd: { error: CallError | undefined } | undefined;
  /** Window that goes back to the peer when this stream's turn comes. */
  private waitingCredit = 0;

  constructor(
    headers: Buffer,
    request: Uint8Array,
    deadlineMs: number,
    limits: CallLimits,
    registry: CallRegistry,
    private readonly pacing: StreamPacing | undefined,
    protected override readonly buffers: MessageBuffers,
    private readonly observer: StreamObserver,
  ) {
    super(headers, request, deadlineMs, limits, registry);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    // The observer may pause again, or cancel, at each message.
    while (!this.paused && this.held.length > 0) this.observer.onMessage(this.held.shift()!);
    if (this.paused || this.held.length > 0) return;
    if (this.heldEnd) {
      const { error } = this.heldEnd;
      this.heldEnd = undefined;
      this.deliverEnd(error);
    } else if (!this.ended && this.heldWindowBytes > 0) {
      const bytes = this.heldWindowBytes;
      this.heldWindowBytes = 0;
      this.giveBack(bytes);
    }
  }

  /** The reader looks at this message no more, nor does anything that it was handed to: its memory is used for another one. */
  release(message: Uint8Array): void {
    this.buffers.give(message);
  }

  get expectedBytes(): number {
    return this.waitingCredit;
  }

  takeTurn(): boolean {
    if (this.ended) return false;
    this.sendCredit(this.waitingCredit);
    this.waitingCredit = 0;
    return true;
  }

  override cancel(): void {
    this.held = [];
    this.heldEnd = undefined;
    super.cancel();
  }

  protected message(message: Buffer): void {
    if (this.paused || this.held.length > 0) this.held.push(message);
    else this.observer.onMessage(message);
  }

  protected consumed(bytes: number): void {
    if (this.paused) this.heldWindowBytes += bytes;
    else this.giveBack(bytes);
  }

  protected finish(error: CallError | undefined): void {
    if (error?.status === Status.DEADLINE_EXCEEDED) this.registry.streamTimedOut();
    if (this.paused || this.held.length > 0) this.heldEnd = { error };
    else this.deliverEnd(error);
  }

  private giveBack(bytes: number): void {
    const credit = this.creditFor(bytes);
    if (credit === 0) return;
    const waits = this.waitingCredit > 0;
    this.waitingCredit += credit;
    if (!waits && (!this.pacing || this.pacing.admit(this))) this.takeTurn();
  }

  private deliverEnd(error: CallError | undefined): void {
    if (error) this.observer.onError(error);
    else this.observer.onEnd();
  }
}
