import type { EndpointResponse, ResponseInit } from './endpoint-types';

/** An answer of JSON. */
export function json(value: unknown, init: ResponseInit = {}): EndpointResponse {
  return { ...init, headers: { 'Content-Type': 'application/json', ...init.headers }, body: JSON.stringify(value) };
}
