import type { ErrorKind } from './errors';

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
  unsupported_media_type: 415,
  precondition_required: 428,
  rate_limited: 429,
  internal: 500,
  unimplemented: 501,
  upstream_failed: 502,
  unavailable: 503,
  upstream_timeout: 504,
} as const satisfies Record<ErrorKind, number>;

/** The same for gRPC; the numbers are those of its status codes, by the names beside them. */
export const GRPC_STATUS = {
  invalid: 3, // INVALID_ARGUMENT
  unauthenticated: 16, // UNAUTHENTICATED
  forbidden: 7, // PERMISSION_DENIED
  not_found: 5, // NOT_FOUND
  method_not_allowed: 12, // UNIMPLEMENTED
  conflict: 6, // ALREADY_EXISTS
  precondition_failed: 9, // FAILED_PRECONDITION
  precondition_required: 9,
  too_large: 8, // RESOURCE_EXHAUSTED
  unsupported_media_type: 3,
  rate_limited: 8,
  unimplemented: 12,
  upstream_failed: 14, // UNAVAILABLE
  unavailable: 14,
  upstream_timeout: 4, // DEADLINE_EXCEEDED
  internal: 13, // INTERNAL
} as const satisfies Record<ErrorKind, number>;
