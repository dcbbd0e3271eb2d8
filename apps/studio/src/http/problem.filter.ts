import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HTTP_STATUS, isSluiceError, type SluiceError } from '@sluice/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { databaseFailureOf } from '../database/database-failure';
import { LOGGER } from '../process.module';
import { httpErrors } from './errors';
import { contextOf } from './request-context';

/** Turns whatever was thrown into application/problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toSluiceError(thrown);
    const status = HTTP_STATUS[error.kind];
    const { requestId, traceId } = contextOf(request);
    const fields = { event: 'request.failed', code: error.code, status, request_id: requestId, trace_id: traceId, details: error.details };
    if (status >= 500) this.logger.error({ ...fields, err: error.cause ?? error });
    else this.logger.debug(fields);
    const retryAfter = error.details['retryAfterSeconds'];
    if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    // As bytes: to text Fastify would add a charset, which this media type does not have.
    void reply.status(status).header('content-type', 'application/problem+json').send(Buffer.from(JSON.stringify(problemOf(error, status, traceId))));
  }
}

function problemOf(error: SluiceError, status: number, traceId: string): object {
  return {
    type: `urn:sluice:error:${error.code}`,
    title: error.definition.message,
    status,
    detail: error.message,
    code: error.code,
    trace_id: traceId,
    ...(error.faults.length > 0 && { errors: error.faults.map((fault) => ({ pointer: fault.pointer, detail: fault.message })) }),
  };
}

function toSluiceError(thrown: unknown): SluiceError {
  if (isSluiceError(thrown)) return thrown;
  switch (databaseFailureOf(thrown)) {
    case 'conflict':
      return new httpErrors.conflict({}, { cause: thrown });
    case 'busy':
      return new httpErrors.busy({ retryAfterSeconds: 1 }, { cause: thrown });
    case 'unreachable':
      return new httpErrors.databaseUnreachable({ retryAfterSeconds: 5 }, { cause: thrown });
  }
  const status = statusOf(thrown);
  switch (status) {
    case 400:
      return new httpErrors.malformedBody({}, { cause: thrown });
    case 404:
      return new httpErrors.routeNotFound();
    case 413:
      return new httpErrors.bodyTooLarge({}, { cause: thrown });
    case 415:
      return new httpErrors.unsupportedMediaType({}, { cause: thrown });
    default:
      return new httpErrors.internal({ status }, { cause: thrown });
  }
}

/** What Nest's own exceptions and Fastify's errors carry. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}
