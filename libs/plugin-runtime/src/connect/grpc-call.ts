import { type ChannelInterface as Channel, Metadata, status as Status } from '@grpc/grpc-js';
import { type Call, ChannelError, type UnaryObserver } from './plugin-channel';

/** How much earlier than this side the peer may think that the deadline has come. */
const DEADLINE_SKEW_MS = 50;

/** @grpc/grpc-js tells a call that found no connection from one that lost it by this sentence alone. */
const NEVER_SENT = 'No connection established';
/** So does a message that is larger than its limit, before it is read. */
const TOO_LARGE = /^Received message larger than max \((\d+) vs (\d+)\)$/;

export type Transport = ReturnType<Channel['createCall']>;

export interface CallStatus {
  code: number;
  details: string;
}

/** Knows which calls are in progress. */
export interface CallRegistry {
  /** There is a connection at this moment. */
  readonly connected: boolean;
  started(call: GrpcCall): void;
  ended(call: GrpcCall): void;
  /** A message came in. */
  received(bytes: number): void;
  /** A stream's time was over before its end. */
  streamTimedOut(): void;
  /** A message was larger than it may be, and was not read. */
  refusedMessage(bytes: number, limit: number): void;
}

/** What a unary call and a stream have in common: they end once, and after a cancellation nobody hears of them. */
export abstract class GrpcCall implements Call {
  protected ended = false;
  private connected = false;

  constructor(
    protected readonly transport: Transport,
    /** Milliseconds since the Unix epoch. */
    private readonly deadline: number,
    protected readonly registry: CallRegistry,
  ) {}

  start(request: Uint8Array): void {
    this.registry.started(this);
    this.connected = this.registry.connected;
    this.transport.start(new Metadata(), {
      onReceiveMetadata: () => undefined,
      onReceiveMessage: (message: Buffer) => {
        if (this.ended) return;
        this.registry.received(message.length);
        this.message(message);
      },
      onReceiveStatus: (status) => this.settle(status),
    });
    this.transport.sendMessageWithContext({}, Buffer.isBuffer(request) ? request : Buffer.from(request.buffer, request.byteOffset, request.byteLength));
    this.transport.halfClose();
    this.transport.startRead();
  }

  cancel(): void {
    if (!this.end()) return;
    this.transport.cancelWithStatus(Status.CANCELLED, 'cancelled by the host');
  }

  /** Ends the call from this side with a status that the observer hears. */
  fail(code: number, details: string): void {
    if (!this.end()) return;
    this.transport.cancelWithStatus(Status.CANCELLED, details);
    this.finish({ code, details });
  }

  protected abstract message(message: Buffer): void;
  protected abstract finish(status: CallStatus): void;

  protected toError({ code, details }: CallStatus): ChannelError {
    // What a peer writes for its status may be no number at all.
    if (!Number.isInteger(code)) return new ChannelError(Status.UNKNOWN, details);
    return new ChannelError(code, details, code !== Status.UNAVAILABLE || (this.connected && !details.startsWith(NEVER_SENT)));
  }

  private settle(status: CallStatus): void {
    if (!this.end()) return;
    const [, bytes, limit] = status.code === Status.RESOURCE_EXHAUSTED ? (TOO_LARGE.exec(status.details) ?? []) : [];
    if (bytes !== undefined) this.registry.refusedMessage(Number(bytes), Number(limit));
    this.finish(this.endedByDeadline(status) ? { code: Status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' } : status);
  }

  /**
   * The peer's own copy of the deadline may come before this side's timer: grpc-go then resets the stream with CANCEL, and a handler that
   * was waiting for something gives up with an error of its own, which is UNKNOWN.
   */
  private endedByDeadline({ code }: CallStatus): boolean {
    return (code === Status.CANCELLED || code === Status.UNKNOWN) && Date.now() >= this.deadline - DEADLINE_SKEW_MS;
  }

  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.registry.ended(this);
    return true;
  }
}

export class GrpcUnaryCall extends GrpcCall {
  private response: Buffer | undefined;

  constructor(
    transport: Transport,
    deadline: number,
    registry: CallRegistry,
    private readonly observer: UnaryObserver,
  ) {
    super(transport, deadline, registry);
  }

  protected message(message: Buffer): void {
    this.response = message;
  }

  protected finish({ code, details }: CallStatus): void {
    if (code !== Status.OK) this.observer.onError(this.toError({ code, details }));
    else if (this.response === undefined) this.observer.onError(new ChannelError(Status.INTERNAL, 'The plugin ended the call without an answer.'));
    else this.observer.onResponse(this.response);
  }
}
