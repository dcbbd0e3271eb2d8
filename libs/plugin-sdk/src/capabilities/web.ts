import type { Context } from '../context/context';
import { EndpointError } from './endpoint-error';
import type { EndpointChunk, EndpointRequest, EndpointResponse, ResponseInit } from './endpoint-types';

/** A handler as libraries for the web platform have it: `fetch` of Hono, of an MCP handler, of an OAuth server. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** Answers a unary endpoint request with a web handler. */
export async function webAnswer(ctx: Pick<Context, 'signal'>, request: EndpointRequest, handler: WebHandler): Promise<EndpointResponse> {
  const response = await handler(webRequest(ctx, request));
  return { ...headOf(response), body: new Uint8Array(await response.arrayBuffer()) };
}

/**
 * Answers a streamed endpoint request with a web handler: `yield*` it, or return it. The body goes out chunk by chunk, as fast as the client reads; when
 * the client goes away the request's signal is aborted and the body's stream is cancelled.
 */
export async function* webStream(ctx: Pick<Context, 'signal'>, request: EndpointRequest, handler: WebHandler): AsyncGenerator<EndpointChunk> {
  const response = await handler(webRequest(ctx, request));
  yield headOf(response);
  if (!response.body) return;
  const reader = response.body.getReader();
  // A read that waits for an event would otherwise wait for ever.
  const cancel = () => void reader.cancel(ctx.signal.reason).catch(() => undefined);
  ctx.signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    ctx.signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/**
 * The request for a web handler, with the path as the client addressed it (`/plugins/{slug}/…`), and the signal of the call.
 * Throws an EndpointError 400 for what no web request can be.
 */
export function webRequest(ctx: Pick<Context, 'signal'>, request: EndpointRequest): Request {
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  const query = request.queryString === '' ? '' : `?${request.queryString}`;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  try {
    return new Request(`http://${request.host || 'localhost'}${path}${query}`, {
      method: request.method,
      headers: { ...latin1(request.headers), Host: request.host },
      body: hasBody ? new Uint8Array(request.body) : null,
      signal: ctx.signal,
    });
  } catch (error) {
    throw new EndpointError(400, `The request cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function headOf({ status, headers }: Response): ResponseInit {
  const cookies = headers.getSetCookie();
  return { status, headers: { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) } };
}

/** What is outside Latin-1 goes through a `Headers` object as the bytes of its UTF-8. */
function latin1(headers: Readonly<Record<string, string>>): Record<string, string> {
  const bytes = (value: string) => (/[^\0-\u00ff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, bytes(value)]));
}
