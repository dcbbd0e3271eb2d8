import { type Call, type CallOptions, ChannelError, type PluginChannel, type StreamCall, type StreamObserver, type UnaryObserver } from '../connect/plugin-channel';

const NOT_SENT = 'The call was not sent: ';

/** How a relay says that a call has ended; `toOriginal` reads it. */
export function toRelayedDetails({ sent, message }: ChannelError): string {
  return sent ? message : `${NOT_SENT}${message}`;
}

function toOriginal(error: ChannelError): ChannelError {
  return error.message.startsWith(NOT_SENT) ? new ChannelError(error.status, error.message.slice(NOT_SENT.length), false) : error;
}

/** A channel to a relay: its errors are those of the relay's own calls. */
export class RelayedChannel implements PluginChannel {
  constructor(private readonly channel: PluginChannel) {}

  get activeCalls(): number {
    return this.channel.activeCalls;
  }

  unary(method: string, request: Uint8Array, options: CallOptions, observer: UnaryObserver): Call {
    return this.channel.unary(method, request, options, {
      onResponse: (response) => observer.onResponse(response),
      onError: (error) => observer.onError(toOriginal(error)),
    });
  }

  serverStream(method: string, request: Uint8Array, options: CallOptions, observer: StreamObserver): StreamCall {
    return this.channel.serverStream(method, request, options, {
      onMessage: (message) => observer.onMessage(message),
      onEnd: () => observer.onEnd(),
      onError: (error) => observer.onError(toOriginal(error)),
    });
  }

  close(): void {
    this.channel.close();
  }
}
