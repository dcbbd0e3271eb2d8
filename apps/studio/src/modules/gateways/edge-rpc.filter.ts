import { Catch, Inject, type ExceptionFilter } from '@nestjs/common';
import { status as Status } from '@grpc/grpc-js';
import { isSluiceError, type ErrorKind } from '@sluice/kernel';
import type { Logger } from 'pino';
import { throwError, type Observable } from 'rxjs';
import { LOGGER } from '../../process.module';

const GRPC_STATUS = {
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

/** Tells a gateway which kind of error it was, and the log why. */
@Catch()
export class EdgeRpcFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown): Observable<never> {
    if (isSluiceError(thrown)) {
      this.logger.debug({ event: 'edge.refused', code: thrown.code, details: thrown.details });
      return throwError(() => ({ code: GRPC_STATUS[thrown.kind], details: thrown.message }));
    }
    this.logger.error({ event: 'edge.failed', err: thrown });
    return throwError(() => ({ code: Status.INTERNAL, details: 'Something went wrong in the studio; its log has the reason.' }));
  }
}
