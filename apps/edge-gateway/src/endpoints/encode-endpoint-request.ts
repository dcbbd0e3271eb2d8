import type { RequestHead } from '../http/request-head';
import type { GatewayToken } from '../snapshot/gateway-state';
import { MessageWriter } from './wire/message-writer';

const lengthDelimited = (field: number): number => (field << 3) | 2;
const varint = (field: number): number => field << 3;

/** The tags of EndpointRequest. */
const Field = {
  method: lengthDelimited(1),
  path: lengthDelimited(2),
  relativePath: lengthDelimited(3),
  pathSegments: lengthDelimited(4),
  headers: lengthDelimited(5),
  body: lengthDelimited(6),
  queryString: lengthDelimited(7),
  remoteAddr: lengthDelimited(8),
  host: lengthDelimited(9),
  protocol: lengthDelimited(10),
  context: lengthDelimited(11),
  authenticated: varint(12),
  app: lengthDelimited(13),
  scopes: lengthDelimited(14),
} as const;

/** Those of PluginContext. */
const ContextField = { requestId: lengthDelimited(1), appId: varint(5), metadata: lengthDelimited(7), traceContext: lengthDelimited(8) } as const;

/** A larger one is not worth a copy more. */
const LARGEST_COPIED_BODY = 8_192;

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

const writer = new MessageWriter();

/** The bytes of an EndpointRequest. The App message was encoded when the snapshot was applied and is copied in. */
export function encodeEndpointRequest(parts: EndpointRequestParts, body: Buffer): Uint8Array {
  const { head, token } = parts;
  const { headers } = head;
  writer.reset();
  writer.text(Field.method, parts.method);
  writer.text(Field.path, parts.path);
  writer.text(Field.relativePath, parts.relativePath);
  writeSegments(parts.relativePath);
  for (const name in headers) writer.entry(Field.headers, name, headers[name]!);
  if (body.length <= LARGEST_COPIED_BODY) writer.bytes(Field.body, body);
  writer.text(Field.queryString, parts.query);
  writer.text(Field.remoteAddr, head.clientAddress);
  writer.text(Field.host, head.host);
  writer.text(Field.protocol, 'http');
  writeContext(parts);
  if (token) {
    writer.number(Field.authenticated, 1);
    writer.bytes(Field.app, token.app.encoded);
    for (const scope of token.scopes) writer.element(Field.scopes, scope);
  }
  return body.length <= LARGEST_COPIED_BODY ? writer.finish() : withBody(writer.finish(), body);
}

function writeSegments(relativePath: string): void {
  for (const segment of toSegments(relativePath)) writer.element(Field.pathSegments, segment);
}

function writeContext({ head, token, edge, traceContext }: EndpointRequestParts): void {
  const start = writer.begin(Field.context);
  writer.text(ContextField.requestId, head.requestId);
  if (token) writer.number(ContextField.appId, token.app.data.id);
  for (const name in edge) writer.entry(ContextField.metadata, name, edge[name]!);
  for (const name in traceContext) writer.entry(ContextField.traceContext, name, traceContext[name]!);
  writer.end(start);
}

/** Fields may come in any order; a large body comes last, so that it is copied once. */
function withBody(fields: Buffer, body: Buffer): Buffer {
  writer.reset();
  writer.length(Field.body, body.length);
  return Buffer.concat([fields, writer.finish(), body]);
}

/** `/users/123/` is `users`, `123`; `/` is nothing. */
export function toSegments(relativePath: string): string[] {
  const start = relativePath.startsWith('/') ? 1 : 0;
  const end = relativePath.endsWith('/') ? relativePath.length - 1 : relativePath.length;
  if (end <= start) return [];
  const inner = relativePath.slice(start, end);
  return inner.includes('/') ? inner.split('/') : [inner];
}
