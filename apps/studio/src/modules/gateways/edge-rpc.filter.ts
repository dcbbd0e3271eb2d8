import { Catch, Inject, type ExceptionFilter } from '@nestjs/common';
import { status as Status } from '@grpc/grpc-js';
import { studioTimeMetadata } from '@sluice/edge-link';
import { GRPC_STATUS, isSluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { throwError, type Observable } from 'rxjs';
import { LOGGER } from '../../process.module';
import { GatewayRefusals } from './gateway-refusals';

const BAD_TIME = 'gateways.badTime';

/** Tells a gateway which kind of error it was, and the log why. */
@Catch()
export class EdgeRpcFilter implements ExceptionFilter {
  constructor(
    private readonly refusals: GatewayRefusals,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  catch(thrown: unknown): Observable<never> {
    if (isSluiceError(thrown)) {
      this.logger.debug({ event: 'edge.refused', code: thrown.code, details: thrown.details });
      this.refusals.count(thrown.code);
      const { nowMs } = thrown.details;
      return throwError(() => ({ code: GRPC_STATUS[thrown.kind], details: thrown.message, ...(thrown.code === BAD_TIME && { metadata: studioTimeMetadata(Number(nowMs)) }) }));
    }
    this.logger.error({ event: 'edge.failed', err: thrown });
    return throwError(() => ({ code: Status.INTERNAL, details: 'Something went wrong in the studio; its log has the reason.' }));
  }
}
