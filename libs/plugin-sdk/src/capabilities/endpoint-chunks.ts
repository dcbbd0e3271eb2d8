import { EndpointResponseChunk, EndpointResponseChunk_ChunkType as Type } from '@sluice/contracts/plugin';
import { isEndpointError } from './endpoint-error';
import type { EndpointChunk, ResponseInit } from './endpoint-types';
import { type Body, bodyToWire, headersToWire } from './http';

/**
 * Turns what a handler yields into the chunks of the protocol: HEADERS, BODY any number of times, DONE. Body before headers means
 * a plain 200, and an {@link EndpointError} before anything was sent is an answer like any other.
 */
export async function* endpointChunks(source: AsyncIterable<EndpointChunk>): AsyncGenerator<EndpointResponseChunk> {
  let headSent = false;
  try {
    for await (const chunk of source) {
      if (isBody(chunk)) {
        if (!headSent) yield head({});
        headSent = true;
        yield body(chunk);
      } else {
        if (headSent) throw new Error('Status and headers were yielded after the answer had begun.');
        headSent = true;
        yield head(chunk);
      }
    }
  } catch (error) {
    if (headSent || !isEndpointError(error)) throw error;
    const answer = error.response();
    headSent = true;
    yield head(answer);
    yield body(answer.body ?? '');
  }
  if (!headSent) yield head({});
  yield EndpointResponseChunk.create({ type: Type.DONE });
}

export function errorChunk(message: string): EndpointResponseChunk {
  return EndpointResponseChunk.create({ type: Type.ERROR, errorMessage: message });
}

function head({ status, headers }: ResponseInit): EndpointResponseChunk {
  return EndpointResponseChunk.create({ type: Type.HEADERS, statusCode: status ?? 200, headers: headersToWire(headers) });
}

function body(chunk: Body): EndpointResponseChunk {
  return EndpointResponseChunk.create({ type: Type.BODY, data: bodyToWire(chunk) });
}

function isBody(chunk: EndpointChunk): chunk is Body {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}
