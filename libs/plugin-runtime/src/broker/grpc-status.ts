import { status as Status } from '@grpc/grpc-js';
import type { ErrorKind } from '@sluice/kernel';

/** The one map from our errors to the gRPC status that a plugin sees. */
export const GRPC_STATUS = {
  invalid: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  forbidden: Status.PERMISSION_DENIED,
  not_found: Status.NOT_FOUND,
  method_not_allowed: Status.UNIMPLEMENTED,
  conflict: Status.ALREADY_EXISTS,
  precondition_failed: Status.FAILED_PRECONDITION,
  precondition_required: Status.FAILED_PRECONDITION,
  too_large: Status.RESOURCE_EXHAUSTED,
  rate_limited: Status.RESOURCE_EXHAUSTED,
  unimplemented: Status.UNIMPLEMENTED,
  upstream_failed: Status.UNAVAILABLE,
  unavailable: Status.UNAVAILABLE,
  upstream_timeout: Status.DEADLINE_EXCEEDED,
  internal: Status.INTERNAL,
} as const satisfies Record<ErrorKind, number>;
