import { status as Status } from '@grpc/grpc-js';
import { type CallRegistry, type CallStatus, GrpcCall, type Transport } from './grpc-call';
import type { StreamCall, StreamObserver } from './plugin-channel';
import type { PacedStream, StreamPacing } from './stream-pace';

/** Asks for one message at a time, so that a paused reader stops the sender once the transport's window is used up. */
export class GrpcStreamCall extends GrpcCall implements StreamCall, PacedStream {
  private paused = false;
  private reading = true;
  /** It has asked for its turn. */
  private waiting = false;
  private lastBytes = 0;
  /** What arrived while the reader was paused: at most the one message that had been asked for, and the end. */
  private heldMessage: Buffer | undefined;
  private heldStatus: CallStatus | undefined;

  constructor(
    transport: Transport,
    deadline: number,
    registry: CallRegistry,
    private readonly pacing: StreamPacing,
    private readonly observer: StreamObserver,
  ) {
    super(transport, deadline, registry);
  }

  get expectedBytes(): number {
    return this.lastBytes;
  }

  takeTurn(): boolean {
    this.waiting = false;
    if (this.ended || this.paused || this.reading) return false;
    this.read();
    return true;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    if (this.heldMessage) {
      const message = this.heldMessage;
      this.heldMessage = undefined;
      this.hand(message);
    } else {
      this.readNext();
    }
    // The observer may have paused again, or cancelled.
    if (this.paused || !this.heldStatus) return;
    const status = this.heldStatus;
    this.heldStatus = undefined;
    this.deliver(status);
  }

  override cancel(): void {
    this.heldMessage = undefined;
    this.heldStatus = undefined;
    super.cancel();
  }

  protected message(message: Buffer): void {
    this.reading = false;
    this.pacing.took(message.length, this.lastBytes);
    this.lastBytes = message.length;
    if (this.paused) {
      this.heldMessage = message;
      return;
    }
    this.hand(message);
  }

  protected finish(status: CallStatus): void {
    if (status.code === Status.DEADLINE_EXCEEDED) this.registry.streamTimedOut();
    if (this.paused) this.heldStatus = status;
    else this.deliver(status);
  }

  private hand(message: Buffer): void {
    this.observer.onMessage(message);
    this.readNext();
  }

  private readNext(): void {
    if (this.ended || this.paused || this.reading || this.waiting) return;
    if (this.pacing.admit(this)) this.read();
    else this.waiting = true;
  }

  private read(): void {
    this.reading = true;
    this.transport.startRead();
  }

  private deliver({ code, details }: CallStatus): void {
    if (code === Status.OK) this.observer.onEnd();
    else this.observer.onError(this.toError({ code, details }));
  }
}
