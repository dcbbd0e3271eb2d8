import { CallError as ChannelError } from '@sluice/grpc-lane';
import type { StreamPacing } from './stream-pace';

/** A call that ended with a status other than OK. */
export { ChannelError };

/**
 * How a host talks to one plugin process: bytes in, bytes out. Nothing here knows protobuf or
 * @grpc/grpc-js, so that the transport can be replaced and measured.
 *
 * Results arrive on an object that the caller owns, not in a promise, so that the hot path allocates
 * neither promise nor closure. {@link callUnary} wraps it where comfort matters more.
 */
export interface PluginChannel {
  /** Starts a unary call. `method` is the full path, `/plugin.PluginService/HandleEndpointRequest`. */
  unary(method: string, request: Uint8Array, options: CallOptions, observer: UnaryObserver): Call;

  /** Starts a call that is answered by a stream. */
  serverStream(method: string, request: Uint8Array, options: CallOptions, observer: StreamObserver): StreamCall;

  /** Calls that have started and not ended. A generation is drained when this is 0. */
  readonly activeCalls: number;

  /** Ends every call as UNAVAILABLE and lets the connection go. */
  close(): void;
}

export interface CallOptions {
  /** From now, in milliseconds. The peer is told, and the call ends as DEADLINE_EXCEEDED on this side too. */
  deadlineMs: number;
}

export interface UnaryObserver {
  onResponse(response: Uint8Array): void;
  onError(error: ChannelError): void;
}

export interface StreamObserver {
  onMessage(message: Uint8Array): void;
  /** The stream ended with status OK. */
  onEnd(): void;
  onError(error: ChannelError): void;
}

export interface Call {
  /** Tells the peer to stop. The observer hears nothing more. Harmless after the end. */
  cancel(): void;
}

export interface StreamCall extends Call {
  /** No further messages are delivered and, once the window is used up, none are sent, until `resume`. */
  pause(): void;
  resume(): void;
  /** The caller, and whatever it handed this message to, looks at it no more. Who does not say so leaves its memory to the collector. */
  release?(message: Uint8Array): void;
}

/** A {@link PluginChannel} that a host watches. */
export interface WatchedChannel extends PluginChannel {
  readonly connected: boolean;
  /** Those of the active calls that are answered by a stream. */
  readonly activeStreams: number;
  /** Who wants to know what the plugin's answers are like. */
  watch: CallWatch | undefined;
  /** Decides when its streams read on. */
  pacing: StreamPacing;
}

/** Hears of what is unusual about answers. */
export interface CallWatch {
  /** A message came in. */
  received(bytes: number): void;
  /** A stream's time was over before its end. */
  streamTimedOut(): void;
  /** A message was larger than it may be, and was not read. */
  refusedMessage(bytes: number, limit: number): void;
}

/** {@link PluginChannel.unary} as a promise. Rejects with {@link ChannelError}; an abort cancels the call. */
export function callUnary(
  channel: PluginChannel,
  method: string,
  request: Uint8Array,
  options: CallOptions & { signal?: AbortSignal },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const onAbort = () => {
      call.cancel();
      reject(signal?.reason);
    };
    const settle = () => signal?.removeEventListener('abort', onAbort);
    const call = channel.unary(method, request, options, {
      onResponse: (response) => {
        settle();
        resolve(response);
      },
      onError: (error) => {
        settle();
        reject(error);
      },
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
