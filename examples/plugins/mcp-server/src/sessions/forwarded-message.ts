import type { Caller } from '../caller';

/** What processes say to each other, as JSON. Bodies are base64. */
export type ForwardedMessage =
  | { kind: 'request'; id: string; from: string; method: string; url: string; headers: [string, string][]; body: string; caller?: Caller | undefined }
  /** The client of the request has gone away. */
  | { kind: 'abort'; id: string }
  | { kind: 'head'; id: string; status: number; headers: [string, string][] }
  | { kind: 'chunk'; id: string; body: string }
  | { kind: 'end'; id: string };

export async function describeRequest(request: Request, id: string, from: string, caller: Caller | undefined): Promise<ForwardedMessage> {
  const body = Buffer.from(await request.arrayBuffer()).toString('base64');
  return { kind: 'request', id, from, method: request.method, url: request.url, headers: [...request.headers], body, caller };
}

export function requestOf({ method, url, headers, body }: Extract<ForwardedMessage, { kind: 'request' }>, signal: AbortSignal): Request {
  return new Request(url, { method, headers, body: method === 'GET' || method === 'HEAD' ? null : Buffer.from(body, 'base64'), signal });
}
