import { EndpointResponse as WireResponse, GetEndpointRegistrationsResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { stream, unary } from './binding';
import { endpointChunks, errorChunk } from './endpoint-chunks';
import { isEndpointError } from './endpoint-error';
import type { EndpointChunk, EndpointRegistration, EndpointRequest, EndpointResponse, EndpointStream } from './endpoint-types';
import { registrationToWire, requestFromWire, responseToWire } from './endpoint-wire';
import { EndpointWriter } from './endpoint-writer';

/** Hook `custom_endpoint`: serves HTTP under `/plugins/{slug}` of a gateway. */
export interface CustomEndpointHandler {
  /** Asked once, after `initialize`. */
  endpoints(): readonly EndpointRegistration[] | Promise<readonly EndpointRegistration[]>;
  /** Answers the registrations without `streamResponse`. */
  handleEndpoint?(ctx: Context, request: EndpointRequest): EndpointAnswer | Promise<EndpointAnswer>;
  /**
   * Answers the registrations with `streamResponse`: as an async generator that yields, or by writing to `stream`. Each chunk goes out
   * at once. When the client goes away `ctx.signal` is aborted, and a generator is ended where it yields.
   */
  handleEndpointStream?(ctx: Context, request: EndpointRequest, stream: EndpointStream): AsyncIterable<EndpointChunk> | Promise<void>;
}

export type EndpointAnswer = EndpointResponse | string;

export const customEndpoint = [
  unary<'getEndpointRegistrations', CustomEndpointHandler>('getEndpointRegistrations', {
    method: 'endpoints',
    answer: async (plugin) =>
      GetEndpointRegistrationsResponse.create({ registrations: (await plugin.endpoints()).map(registrationToWire) }),
    otherwise: () => GetEndpointRegistrationsResponse.create(),
  }),
  unary<'handleEndpointRequest', Required<CustomEndpointHandler>>('handleEndpointRequest', {
    method: 'handleEndpoint',
    answer: async (plugin, ctx, request) => {
      try {
        return responseToWire(await plugin.handleEndpoint(ctx, requestFromWire(request)));
      } catch (error) {
        if (isEndpointError(error)) return responseToWire(error.response());
        throw error;
      }
    },
    otherwise: () => WireResponse.create({ statusCode: 501, errorMessage: 'This plugin does not handle endpoint requests.' }),
  }),
  stream<'handleEndpointRequestStream', Required<CustomEndpointHandler>>('handleEndpointRequestStream', {
    method: 'handleEndpointStream',
    answer: (plugin, ctx, request) =>
      endpointChunks(streamed(ctx.signal, (writer) => plugin.handleEndpointStream(ctx, requestFromWire(request), writer))),
    otherwise: 'This plugin does not stream endpoint responses.',
    failed: errorChunk,
  }),
];

type StreamHandler = (writer: EndpointStream) => AsyncIterable<EndpointChunk> | Promise<void>;

/** A generator is iterated as it is; anything else is awaited while its writes are. */
async function* streamed(signal: AbortSignal, handler: StreamHandler): AsyncGenerator<EndpointChunk> {
  let yielded: AsyncIterable<EndpointChunk> | undefined;
  const writer = new EndpointWriter(signal, async (stream) => {
    const result = handler(stream);
    if (Symbol.asyncIterator in result) yielded = result;
    else await result;
  });
  yield* yielded ?? writer;
}
