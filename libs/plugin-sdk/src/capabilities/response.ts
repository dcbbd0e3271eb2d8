import { HeadersResponse, ResponseWriteResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { type Body, bodyToWire, type Headers, type HeadersInit, headersToWire } from './http';

/** A whole answer of the upstream, or one chunk of it. */
export interface ResponseBody {
  body: Buffer;
  headers: Headers;
  isStreamChunk: boolean;
}

/** Hook `on_response`: sees what goes back to the client. Implement what is needed of it. */
export interface ResponseHandler {
  /** The headers to set; nothing leaves them as they are. */
  onBeforeWriteHeaders?(ctx: Context, headers: Headers): HeadersInit | void | Promise<HeadersInit | void>;
  /** The body to send instead; nothing leaves it as it is. */
  onBeforeWrite?(ctx: Context, response: ResponseBody): ResponseChange | void | Promise<ResponseChange | void>;
}

export interface ResponseChange {
  body?: Body;
  headers?: HeadersInit;
}

export const response = [
  unary<'onBeforeWriteHeaders', Required<ResponseHandler>>('onBeforeWriteHeaders', {
    method: 'onBeforeWriteHeaders',
    answer: async (plugin, ctx, { headers }) => {
      const changed = await plugin.onBeforeWriteHeaders(ctx, headers);
      return HeadersResponse.create(changed ? { modified: true, headers: headersToWire(changed) } : { modified: false });
    },
    otherwise: () => HeadersResponse.create({ modified: false }),
  }),
  unary<'onBeforeWrite', Required<ResponseHandler>>('onBeforeWrite', {
    method: 'onBeforeWrite',
    answer: async (plugin, ctx, { body, headers, isStreamChunk }) => {
      const changed = await plugin.onBeforeWrite(ctx, { body, headers, isStreamChunk });
      if (!changed) return ResponseWriteResponse.create({ modified: false });
      const newBody = changed.body === undefined ? body : bodyToWire(changed.body);
      return ResponseWriteResponse.create({ modified: true, body: newBody, headers: headersToWire(changed.headers) });
    },
    otherwise: () => ResponseWriteResponse.create({ modified: false }),
  }),
];
