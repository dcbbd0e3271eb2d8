import type { ErrorKind } from '@sluice/kernel';

/** The one map from kinds of errors to HTTP; a new kind does not compile without a status. */
export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  precondition_required: 428,
  rate_limited: 429,
  internal: 500,
  unimplemented: 501,
  upstream_failed: 502,
  unavailable: 503,
  upstream_timeout: 504,
} as const satisfies Record<ErrorKind, number>;
