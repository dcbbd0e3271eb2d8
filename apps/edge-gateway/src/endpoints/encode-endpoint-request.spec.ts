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
