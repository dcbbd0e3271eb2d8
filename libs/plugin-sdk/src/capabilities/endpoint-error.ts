import type { EndpointResponse, ResponseInit } from './endpoint-types';

/** Thrown in an endpoint handler, it is the answer: this status, and `{"error": message}`. Any other error is a 502. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';

  constructor(
    readonly status: number,
    message: string,
    readonly headers: ResponseInit['headers'] = {},
  ) {
    super(message);
  }

  response(): EndpointResponse {
    return {
      status: this.status,
      headers: { 'Content-Type': 'application/json', ...this.headers },
      body: JSON.stringify({ error: this.message }),
    };
  }
}

/** By name, because a plugin may carry two copies of the SDK. */
export function isEndpointError(error: unknown): error is EndpointError {
  return error instanceof Error && error.name === 'EndpointError' && typeof (error as EndpointError).response === 'function';
}
