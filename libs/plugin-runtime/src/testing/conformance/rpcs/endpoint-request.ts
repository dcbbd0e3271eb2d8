import { type EndpointRegistration, EndpointRequest } from '@sluice/contracts/plugin';
import { context, splitSample } from './rpc-row';

/** A request as a gateway makes it of one of the plugin's registrations, or of a sample. */
export function endpointRequest(registration: EndpointRegistration | undefined, sample: string | undefined, change: Partial<EndpointRequest> = {}): EndpointRequest {
  const { path, query } = splitSample(sample ?? (registration?.path ?? '/').replace(/\*$/, 'conformance'));
  const requireAuth = registration?.requireAuth ?? false;
  return EndpointRequest.fromPartial({
    method: sample === undefined ? (registration?.methods[0] ?? 'GET').toUpperCase() : 'GET',
    path: `/plugins/conformance${path}`,
    relativePath: path,
    pathSegments: path.split('/').filter((segment) => segment !== ''),
    headers: { Accept: '*/*', 'User-Agent': 'sluice-conform', 'X-Request-Id': 'conformance-1' },
    queryString: query,
    remoteAddr: '192.0.2.7',
    host: 'gateway.example.com',
    protocol: 'http',
    context: context(),
    authenticated: requireAuth,
    ...(requireAuth ? { app: { id: 1, name: 'Conformance', isActive: true } } : {}),
    ...change,
  });
}
