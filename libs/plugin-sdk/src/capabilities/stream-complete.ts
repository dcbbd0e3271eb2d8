import { StreamCompleteResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import type { Headers } from './http';

/** A streamed answer after its last chunk. */
export interface CompletedStream {
  status: number;
  headers: Headers;
  /** Everything that was streamed, one after the other. */
  body: Buffer;
  chunkCount: number;
  requestBody: Buffer;
}

/** Sees each streamed answer as a whole, after the client has it. */
export interface StreamCompleteHandler {
  onStreamComplete(ctx: Context, stream: CompletedStream): StreamCompleteAnswer | void | Promise<StreamCompleteAnswer | void>;
}

export interface StreamCompleteAnswer {
  cached?: boolean;
}

export const streamComplete = [
  unary<'onStreamComplete', StreamCompleteHandler>('onStreamComplete', {
    method: 'onStreamComplete',
    answer: async (plugin, ctx, { statusCode, headers, accumulatedResponse, chunkCount, requestBody }) => {
      const answer = await plugin.onStreamComplete(ctx, { status: statusCode, headers, body: accumulatedResponse, chunkCount, requestBody });
      return StreamCompleteResponse.create({ handled: true, cached: answer?.cached ?? false });
    },
    otherwise: () => StreamCompleteResponse.create({ handled: false }),
    failed: (errorMessage) => StreamCompleteResponse.create({ handled: false, errorMessage }),
  }),
];
