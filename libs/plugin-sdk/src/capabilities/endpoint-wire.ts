import {
  EndpointRegistration as WireRegistration,
  type EndpointRequest as WireRequest,
  EndpointResponse as WireResponse,
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

export function requestFromWire({ context: _, app, ...request }: WireRequest): EndpointRequest {
  let query: URLSearchParams | undefined;
  return {
    ...request,
    app: app && appFromWire(app),
    // Parsed for those who ask only: many handlers do not.
    get query() {
      return (query ??= new URLSearchParams(request.queryString));
    },
  };
}

/** Text alone is an answer too. */
export function responseToWire(response: EndpointResponse | string): WireResponse {
  if (typeof response === 'string') return responseToWire({ headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: response });
  return WireResponse.create({
    statusCode: response.status ?? 200,
    headers: headersToWire(response.headers),
    body: bodyToWire(response.body),
  });
}
