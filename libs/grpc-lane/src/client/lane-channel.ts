import { CallError, Status } from '../grpc/status';
import { DeadlineList } from '../grpc/deadline-list';
import { MessageBuffers } from '../grpc/message-buffers';
import type { CallLimits, CallRegistry, LaneCall } from './lane-call';
import { type ConnectionListener, type ConnectionOptions, LaneConnection } from './lane-connection';
import type { PeerWatchOptions } from './peer-watch';
import { RequestHeaders } from './request-headers';
import { StreamCall, type StreamObserver, type StreamPacing } from './stream-call';
import { UnaryCall, type UnaryObserver } from './unary-call';

export interface LaneChannelOptions extends Partial<CallLimits>, Partial<PeerWatchOptions>, Pick<ConnectionOptions, 'open'> {
  /** Of the unix socket. */
  path: string;
  userAgent?: string;
  /** Calls that wait for a connection or for room on it; more are refused as RESOURCE_EXHAUSTED. Default 10,000. */
  maxQueuedCalls?: number;
}

export interface CallOptions {
  /** From now, in milliseconds. */
  deadlineMs: number;
}

/** Hears of what is unusual about answers. */
export type CallWatch = Pick<CallRegistry, 'received' | 'streamTimedOut' | 'refusedMessage'>;

const DEFAULTS = { maxMessageBytes: Infinity, windowBytes: 65_536, silenceMs: 310_000, answerMs: 10_000, maxQueuedCalls: 10_000, userAgent: 'sluice-grpc-lane' };

/** What compiled plugins accept on a unix socket. */
const AUTHORITY = 'localhost';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 1_000;
const CLOSED = 'The channel is closed.';

/** A gRPC client over one unix socket. Connects at once, and again whenever the connection ends; nobody has to ask for it. */
export class LaneChannel implements CallRegistry, ConnectionListener {
  private readonly options: typeof DEFAULTS & LaneChannelOptions;
  private readonly headers: RequestHeaders;
  /** Of every call that has not ended. */
  private readonly deadlines = new DeadlineList<LaneCall>();
  private readonly buffers = new MessageBuffers();
  /** Calls that no connection carries. */
  private waiting = new Set<LaneCall>();
  private connection: LaneConnection | undefined;
  private readonly retired = new Set<LaneConnection>();
  private streams = 0;
  private attempts = 0;
  private retry: NodeJS.Timeout | undefined;
  private ready = false;
  private closed = false;
  private reason = 'There is no connection.';
  watch: CallWatch | undefined;
  /** Decides when the peers of streams may send on; at once without it. */
  pacing: StreamPacing | undefined;

  constructor(options: LaneChannelOptions) {
    this.options = { ...DEFAULTS, ...options };
    this.headers = new RequestHeaders(AUTHORITY, this.options.userAgent);
    this.connect();
  }

  get activeCalls(): number {
    return this.deadlines.size;
  }

  get activeStreams(): number {
    return this.streams;
  }

  get connected(): boolean {
    return this.ready;
  }

  unary(method: string, request: Uint8Array, { deadlineMs }: CallOptions, observer: UnaryObserver): UnaryCall {
    const call = new UnaryCall(this.headers.frameOf(method, deadlineMs), request, performance.now() + deadlineMs, this.options, this, observer);
    this.start(call);
    return call;
  }

  serverStream(method: string, request: Uint8Array, { deadlineMs }: CallOptions, observer: StreamObserver): StreamCall {
    const call = new StreamCall(this.headers.frameOf(method, deadlineMs), request, performance.now() + deadlineMs, this.options, this, this.pacing, this.buffers, observer);
    this.streams += 1;
    this.start(call);
    return call;
  }

  /** Ends every call as UNAVAILABLE, with this reason. */
  close(reason = CLOSED): void {
    if (this.closed) return;
    this.closed = true;
    this.reason = reason;
    clearTimeout(this.retry);
    for (const call of this.deadlines.list()) call.fail(new CallError(Status.UNAVAILABLE, reason, call.carrier !== undefined));
    for (const connection of [...this.retired, ...(this.connection ? [this.connection] : [])]) connection.close(reason);
    this.deadlines.clear();
  }

  ended(call: LaneCall): void {
    this.waiting.delete(call);
    this.deadlines.delete(call);
    if (call instanceof StreamCall) this.streams -= 1;
  }

  received(bytes: number): void {
    this.watch?.received(bytes);
  }

  streamTimedOut(): void {
    this.watch?.streamTimedOut();
  }

  refusedMessage(bytes: number, limit: number): void {
    this.watch?.refusedMessage(bytes, limit);
  }

  onRoom(connection: LaneConnection): void {
    this.ready = true;
    for (const call of this.waiting) {
      if (!connection.hasRoom) return;
      this.waiting.delete(call);
      connection.send(call);
    }
  }

  onRefused(call: LaneCall): void {
    if (call.rewind()) this.place(call);
    else call.fail(new CallError(Status.UNAVAILABLE, 'The peer does not take the call.', call.begun));
  }

  onRetired(connection: LaneConnection, reason: string): void {
    this.retired.add(connection);
    if (connection !== this.connection) return;
    this.letGo(connection);
    this.reason = reason;
    // The next one at once, unless the peer ends each as soon as it is there.
    if (this.attempts === 0) this.connect();
    else this.connectLater();
    this.attempts += 1;
  }

  onClosed(connection: LaneConnection, reason: string): void {
    this.retired.delete(connection);
    if (connection !== this.connection) return;
    this.letGo(connection);
    if (this.closed) return;
    this.reason = reason;
    // Whoever waits hears at once; a later call may find the next connection.
    for (const call of [...this.waiting]) call.fail(new CallError(Status.UNAVAILABLE, reason, false));
    this.connectLater();
    this.attempts += 1;
  }

  private start(call: LaneCall): void {
    this.deadlines.add(call);
    this.place(call);
  }

  private place(call: LaneCall): void {
    const { connection } = this;
    if (connection?.hasRoom && this.waiting.size === 0) return connection.send(call);
    if (this.closed || !connection) return this.refuse(call, Status.UNAVAILABLE, this.reason);
    if (this.waiting.size >= this.options.maxQueuedCalls) return this.refuse(call, Status.RESOURCE_EXHAUSTED, `${this.waiting.size} calls wait already.`);
    this.waiting.add(call);
  }

  /** Not before the caller has the call in hand. */
  private refuse(call: LaneCall, status: number, reason: string): void {
    queueMicrotask(() => call.fail(new CallError(status, reason, false)));
  }

  private connect(): void {
    if (this.closed) return;
    this.connection = new LaneConnection(this.options, this);
  }

  private connectLater(): void {
    this.retry = setTimeout(() => this.connect(), Math.min(FIRST_RETRY_MS * 2 ** this.attempts, LAST_RETRY_MS)).unref();
  }

  private letGo(connection: LaneConnection): void {
    if (connection.wasOfUse(LAST_RETRY_MS)) this.attempts = 0;
    this.connection = undefined;
    this.ready = false;
  }
}
