import {
  EndpointRegistration as WireRegistration,
  type EndpointRequest as WireRequest,
  type EndpointResponse as WireResponse,
} from '@sluice/contracts/plugin';
import { appFromWire } from '../context/app';
import type { EndpointRegistration, EndpointRequest, EndpointResponse } from './endpoint-types';
import { bodyToWire, headersToWire } from './http';

export function registrationToWire(registration: EndpointRegistration): WireRegistration {
  return WireRegistration.create({
    path: registration.path,
    methods: [...registration.methods],
    description: registration.description ?? '',
    requireAuth: registration.requireAuth ?? false,
    streamResponse: registration.streamResponse ?? false,
    metadata: registration.metadata ?? {},
  });
}

const queries = new WeakMap<object, URLSearchParams>();

/** Parsed for those who ask only: many handlers do not. One function for all requests, which then have one shape. */
const QUERY: PropertyDescriptor & ThisType<EndpointRequest> = {
  enumerable: true,
  configurable: true,
  get() {
    let query = queries.get(this);
    if (!query) queries.set(this, (query = new URLSearchParams(this.queryString)));
    return query;
  },
};

export function requestFromWire(wire: WireRequest): EndpointRequest {
  const request: Omit<EndpointRequest, 'query'> = {
    method: wire.method,
    path: wire.path,
    relativePath: wire.relativePath,
    pathSegments: wire.pathSegments,
    headers: wire.headers,
    body: wire.body,
    queryString: wire.queryString,
    remoteAddr: wire.remoteAddr,
    host: wire.host,
    protocol: wire.protocol,
    authenticated: wire.authenticated,
    app: wire.app && appFromWire(wire.app),
    scopes: wire.scopes,
  };
  return Object.defineProperty(request, 'query', QUERY) as EndpointRequest;
}

/** Text alone is an answer too. */
export function responseToWire(response: EndpointResponse | string): WireResponse {
  if (typeof response === 'string') return responseToWire({ headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: response });
  return {
    statusCode: response.status ?? 200,
    headers: headersToWire(response.headers),
    body: bodyToWire(response.body),
    errorMessage: '',
  };
}
