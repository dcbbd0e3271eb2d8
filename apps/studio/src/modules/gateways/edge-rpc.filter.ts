import { Catch, Inject, type ExceptionFilter } from '@nestjs/common';
import { status as Status } from '@grpc/grpc-js';
import { GRPC_STATUS, isSluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { throwError, type Observable } from 'rxjs';
import { LOGGER } from '../../process.module';

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
