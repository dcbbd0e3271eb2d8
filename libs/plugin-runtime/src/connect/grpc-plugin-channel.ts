import { type ChannelInterface as Channel, connectivityState, status as Status } from '@grpc/grpc-js';
import { type CallRegistry, type GrpcCall, GrpcUnaryCall } from './grpc-call';
import { GrpcStreamCall } from './grpc-stream-call';
import { type Call, type CallOptions, type CallWatch, ChannelError, type StreamCall, type StreamObserver, type UnaryObserver, type WatchedChannel } from './plugin-channel';
import { type StreamPacing, UNPACED } from './stream-pace';

const CLOSED = 'The plugin is not running any more.';
const NO_CALL: StreamCall = { cancel: () => undefined, pause: () => undefined, resume: () => undefined };

/**
 * {@link PluginChannel} over @grpc/grpc-js, directly on its channel: the generated client's layers (interceptors, Readable streams, an
 * Error with a stack for each call) are left out. Several of these may share one connection, each with its own count of calls.
 */
export class GrpcPluginChannel implements WatchedChannel, CallRegistry {
  private readonly calls = new Set<GrpcCall>();
  private streams = 0;
  private closed = false;
  watch: CallWatch | undefined;
  pacing: StreamPacing = UNPACED;

  constructor(private readonly channel: Channel) {}

  get activeCalls(): number {
    return this.calls.size;
  }

  get activeStreams(): number {
    return this.streams;
  }

  unary(method: string, request: Uint8Array, { deadlineMs }: CallOptions, observer: UnaryObserver): Call {
    if (this.closed) return refuse(observer);
    const deadline = Date.now() + deadlineMs;
    const call = new GrpcUnaryCall(this.transport(method, deadline), deadline, this, observer);
    call.start(request);
    return call;
  }

  serverStream(method: string, request: Uint8Array, { deadlineMs }: CallOptions, observer: StreamObserver): StreamCall {
    if (this.closed) return refuse(observer);
    const deadline = Date.now() + deadlineMs;
    const call = new GrpcStreamCall(this.transport(method, deadline), deadline, this, this.pacing, observer);
    call.start(request);
    return call;
  }

  close(): void {
    this.closed = true;
    for (const call of [...this.calls]) call.fail(Status.UNAVAILABLE, CLOSED);
  }

  started(call: GrpcCall): void {
    this.calls.add(call);
    if (call instanceof GrpcStreamCall) this.streams += 1;
  }

  ended(call: GrpcCall): void {
    this.calls.delete(call);
    if (call instanceof GrpcStreamCall) this.streams -= 1;
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

  get connected(): boolean {
    return this.channel.getConnectivityState(false) === connectivityState.READY;
  }

  private transport(method: string, deadline: number): ReturnType<Channel['createCall']> {
    return this.channel.createCall(method, deadline, null, null, null);
  }
}

function refuse(observer: { onError(error: ChannelError): void }): StreamCall {
  queueMicrotask(() => observer.onError(new ChannelError(Status.UNAVAILABLE, CLOSED, false)));
  return NO_CALL;
}
