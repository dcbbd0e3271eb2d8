import type { IncomingMessage } from 'node:http';
import { App, EndpointRequest } from '@sluice/contracts/plugin';
import { RequestHead } from '../http/request-head';
import type { GatewayToken } from '../snapshot/gateway-state';
import { encodeEndpointRequest, toSegments } from './encode-endpoint-request';

const app = App.fromPartial({ id: 4, name: 'Shop', isActive: true, metadata: { tier: 'gold' } });
const token: GatewayToken = { id: 1, app: { data: { id: 4 } as never, encoded: App.encode(app).finish() }, scopes: ['read', 'write'], expiresAtMs: Infinity };
const head = new RequestHead({ rawHeaders: ['Host', 'gw:8081', 'content-type', 'text/plain', 'x-request-id', 'r-1'] } as unknown as IncomingMessage);
head.clientAddress = '10.0.0.1';
const parts = {
  method: 'POST', path: '/plugins/echo/users/é', relativePath: '/users/é', query: 'x=1', head, token: undefined,
  edge: { edge_id: 'gw-1', edge_namespace: 'eu' }, traceContext: { traceparent: 't' },
};

describe('encodeEndpointRequest', () => {
  it('fills every field of a request without a token', () => {
    expect(EndpointRequest.decode(encodeEndpointRequest(parts, Buffer.from('body')))).toEqual({
      method: 'POST',
      path: '/plugins/echo/users/é',
      relativePath: '/users/é',
      pathSegments: ['users', 'é'],
      headers: { 'Content-Type': 'text/plain', 'X-Request-Id': 'r-1' },
      body: Buffer.from('body'),
      queryString: 'x=1',
      remoteAddr: '10.0.0.1',
      host: 'gw:8081',
      protocol: 'http',
      context: {
        requestId: 'r-1', vendor: '', llmId: 0, llmSlug: '', appId: 0, userId: 0,
        metadata: { edge_id: 'gw-1', edge_namespace: 'eu' }, traceContext: { traceparent: 't' },
      },
      authenticated: false,
      app: undefined,
      scopes: [],
    });
  });

  it('adds app and scopes of the token', () => {
    const decoded = EndpointRequest.decode(encodeEndpointRequest({ ...parts, token }, Buffer.alloc(0)));
    expect(decoded).toMatchObject({ authenticated: true, app, scopes: ['read', 'write'], context: { appId: 4 } });
  });
});

describe('the bytes of a request', () => {
  /** As the generated encoder writes them, with the app's in their place. */
  const LARGEST_COPIED = 8_192;

  function generated(message: Partial<EndpointRequest>): Buffer {
    return Buffer.from(EndpointRequest.encode(EndpointRequest.fromPartial(message)).finish());
  }

  it.each([0, 1, 41, 42, 43, 127, 128, 200, 16_500])('are those of the generated encoder with texts of %d characters', (length) => {
    for (const character of ['x', 'é', '水', '\ud800']) {
      const long = character.repeat(length);
      const sent = new RequestHead({ rawHeaders: ['X-Long', long, 'X-Request-Id', 'r-2'] } as unknown as IncomingMessage);
      const bytes = encodeEndpointRequest({ ...parts, path: long, relativePath: `/${long}`, query: long, head: sent, token }, Buffer.from(long));
      const decoded = EndpointRequest.decode(bytes);
      // A half of a surrogate pair is no text, and becomes U+FFFD.
      const sendable = Buffer.from(long).toString();
      expect([decoded.path, decoded.queryString, decoded.headers['X-Long']]).toEqual([sendable, sendable, sendable]);
      if (long.length <= LARGEST_COPIED / 3) expect(Buffer.compare(bytes, generated(decoded))).toBe(0);
    }
  });

  it('have a large body once, at their end', () => {
    const body = Buffer.alloc(100_000, 'b');
    const bytes = Buffer.from(encodeEndpointRequest(parts, body));
    const decoded = EndpointRequest.decode(bytes);
    expect(decoded).toMatchObject({ method: 'POST', protocol: 'http' });
    expect(decoded.body.equals(body)).toBe(true);
    expect(bytes.subarray(-body.length).equals(body)).toBe(true);
  });

  it('stay as they are when another request is written', () => {
    const first = encodeEndpointRequest(parts, Buffer.from('first'));
    const before = Buffer.from(first);
    encodeEndpointRequest({ ...parts, path: '/other' }, Buffer.from('second'));
    expect(Buffer.from(first)).toEqual(before);
  });
});

describe('toSegments', () => {
  it.each([
    ['/', []],
    ['/mcp', ['mcp']],
    ['/users/123/profile', ['users', '123', 'profile']],
    ['/.well-known/openid-configuration', ['.well-known', 'openid-configuration']],
    ['/users/', ['users']],
    ['/a//b', ['a', '', 'b']],
    ['//', []],
  ])('splits %s', (path, segments) => {
    expect(toSegments(path)).toEqual(segments);
  });
});
