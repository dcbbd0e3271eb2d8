import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointRequest, EndpointResponse } from '@sluice/plugin-sdk';
import inject, { type DispatchFunc, type Response } from 'light-my-request';

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Answers an endpoint request with a handler of Node's HTTP server, without a server. The handler sees the path below the slug, and the host
 * and scheme of `base`, under which the outside world knows it.
 */
export async function nodeAnswer(handler: NodeHandler, request: EndpointRequest, base: URL): Promise<EndpointResponse> {
  const path = request.relativePath.split('/').map(encodeURIComponent).join('/');
  // Where the outside world has the handler, as Express says it.
  const mounted: DispatchFunc = (req, res) => void handler(Object.assign(req, { originalUrl: base.pathname + String(req.url) }), res);
  const answer = await inject(mounted, {
    method: request.method,
    url: request.queryString === '' ? path : `${path}?${request.queryString}`,
    headers: { ...lowerCase(request.headers), host: base.host, 'x-forwarded-host': base.host, 'x-forwarded-proto': base.protocol.replace(':', '') },
    remoteAddress: request.remoteAddr,
    payload: request.body,
  });
  return { status: answer.statusCode, headers: headersOf(answer.headers), body: answer.rawPayload };
}

function lowerCase(headers: EndpointRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function headersOf(headers: Response['headers']): Record<string, string | string[]> {
  const given = Object.entries(headers).filter((entry): entry is [string, string | number | string[]] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]));
}
