import type { ChannelError } from '../../../connect/plugin-channel';
import { definitionOf, type ResponseOf, type StreamRpc } from './plugin-rpc';
import type { StartedPlugin } from './started-plugin';

export interface CollectedStream<T> {
  messages: T[];
  /** `open` when it had not ended by itself when enough had been seen. */
  end: 'open' | 'ended' | ChannelError;
}

export interface CollectLimits {
  deadlineMs: number;
  /** Cancels the stream when nothing more came for this long… */
  quietMs: number;
  /** …or this many messages have come. */
  maxMessages: number;
}

/** Reads a stream until it ends, or until enough of it has been seen. `request` is the encoded message. */
export function collectStream<R extends StreamRpc>(plugin: StartedPlugin, rpc: R, request: Uint8Array, limits: CollectLimits): Promise<CollectedStream<ResponseOf<R>>> {
  const { path, responseDeserialize } = definitionOf(rpc);
  const messages: ResponseOf<R>[] = [];
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (end: CollectedStream<unknown>['end']) => {
      clearTimeout(timer);
      resolve({ messages, end });
    };
    const enough = () => {
      call.cancel();
      finish('open');
    };
    const call = plugin.channel.serverStream(path, request, { deadlineMs: limits.deadlineMs }, {
      onMessage: (bytes) => {
        messages.push(responseDeserialize(bytes as Buffer) as ResponseOf<R>);
        clearTimeout(timer);
        if (messages.length >= limits.maxMessages) return enough();
        timer = setTimeout(enough, limits.quietMs);
      },
      onEnd: () => finish('ended'),
      onError: (error) => finish(error),
    });
  });
}
