import { EndpointRequest } from '@sluice/contracts/plugin';
import type { RequestHead } from '../http/request-head';
import type { GatewayToken } from '../snapshot/gateway-state';

/** The field numbers are those of EndpointRequest: `app`, length-delimited. */
const APP_TAG = (13 << 3) | 2;
const NO_SCOPES: string[] = [];

export interface EndpointRequestParts {
  method: string;
  /** Decoded. */
  path: string;
  relativePath: string;
  query: string;
  head: RequestHead;
  /** The token that the gateway accepted; undefined where the endpoint asks for none. */
  token: GatewayToken | undefined;
  /** `edge_id` and `edge_namespace`. */
  edge: Record<string, string>;
  traceContext: Record<string, string>;
}

/** The bytes of an EndpointRequest. The App message was encoded when the snapshot was applied and is copied in. */
export function encodeEndpointRequest(parts: EndpointRequestParts, body: Buffer): Uint8Array {
  const { head, token } = parts;
  const writer = EndpointRequest.encode({
    method: parts.method,
    path: parts.path,
    relativePath: parts.relativePath,
    pathSegments: toSegments(parts.relativePath),
    headers: head.headers,
    body,
    queryString: parts.query,
    remoteAddr: head.clientAddress,
    host: head.host,
    protocol: 'http',
    context: {
      requestId: head.requestId,
      vendor: '',
      llmId: 0,
      llmSlug: '',
      appId: token ? token.app.data.id : 0,
      userId: 0,
      metadata: parts.edge,
      traceContext: parts.traceContext,
    },
    authenticated: token !== undefined,
    app: undefined,
    scopes: token ? token.scopes : NO_SCOPES,
  });
  if (token) writer.uint32(APP_TAG).bytes(token.app.encoded);
  return writer.finish();
}

/** `/users/123/` is `users`, `123`; `/` is nothing. */
export function toSegments(relativePath: string): string[] {
  const start = relativePath.startsWith('/') ? 1 : 0;
  const end = relativePath.endsWith('/') ? relativePath.length - 1 : relativePath.length;
  return end <= start ? [] : relativePath.slice(start, end).split('/');
}
