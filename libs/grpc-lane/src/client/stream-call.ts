import { type CallError, Status } from '../grpc/status';
import { type CallLimits, type CallRegistry, LaneCall } from './lane-call';

export interface StreamObserver {
  onMessage(message: Uint8Array): void;
  /** The stream ended with status OK. */
  onEnd(): void;
  onError(error: CallError): void;
}

/** A call that is answered by a stream. While its reader has paused, the peer gets no window: what waits here is at most one window. */
export class StreamCall extends LaneCall {
  private paused = false;
  /** What came while the reader had paused, in its order. */
  private held: Buffer[] = [];
  private heldWindowBytes = 0;
  private heldEnd: { error: CallError | undefined } | undefined;

  constructor(
    headers: Buffer,
    request: Uint8Array,
    deadlineMs: number,
    limits: CallLimits,
    registry: CallRegistry,
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
      this.credit(bytes);
    }
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
    else this.credit(bytes);
  }

  protected finish(error: CallError | undefined): void {
    if (error?.status === Status.DEADLINE_EXCEEDED) this.registry.streamTimedOut();
    if (this.paused || this.held.length > 0) this.heldEnd = { error };
    else this.deliverEnd(error);
  }

  private deliverEnd(error: CallError | undefined): void {
    if (error) this.observer.onError(error);
    else this.observer.onEnd();
  }
}
