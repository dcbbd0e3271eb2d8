import { status as Status } from '@grpc/grpc-js';
import { type Call, type CallOptions, ChannelError, type PluginChannel, type StreamCall, type StreamObserver, type UnaryObserver } from '../connect/plugin-channel';

const SHUT = 'The connection to the plugin was lost and is being made again.';
const NO_CALL: StreamCall = { cancel: () => undefined, pause: () => undefined, resume: () => undefined };

/** Lets calls through only while the plugin at the other end is known to have its configuration. Calls in progress go on. */
export class GatedChannel implements PluginChannel {
  private shut = false;

  constructor(private readonly channel: PluginChannel) {}

  get activeCalls(): number {
    return this.channel.activeCalls;
  }

  get isShut(): boolean {
    return this.shut;
  }

  setShut(shut: boolean): void {
    this.shut = shut;
  }

  unary(method: string, request: Uint8Array, options: CallOptions, observer: UnaryObserver): Call {
    return this.shut ? refuse(observer) : this.channel.unary(method, request, options, observer);
  }

  serverStream(method: string, request: Uint8Array, options: CallOptions, observer: StreamObserver): StreamCall {
    return this.shut ? refuse(observer) : this.channel.serverStream(method, request, options, observer);
  }

  close(): void {
    this.channel.close();
  }
}

function refuse(observer: { onError(error: ChannelError): void }): StreamCall {
  queueMicrotask(() => observer.onError(new ChannelError(Status.UNAVAILABLE, SHUT, false)));
  return NO_CALL;
}
