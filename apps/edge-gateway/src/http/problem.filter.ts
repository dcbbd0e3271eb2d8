import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HTTP_STATUS, isSluiceError, type SluiceError } from '@sluice/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBLEM_TYPE, toProblem } from './problem';
import { RequestHead } from './request-head';
import { requestErrors } from './request-errors';

/** Gives what Nest serves the same errors as the hot path. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const head = new RequestHead(http.getRequest<FastifyRequest>().raw);
    const error = toSluiceError(thrown);
    const status = HTTP_STATUS[error.kind];
    if (status >= 500) this.logger.error({ err: thrown, request_id: head.requestId }, 'request failed');
    const reply = http.getResponse<FastifyReply>();
    void reply.status(status).header('content-type', PROBLEM_TYPE).header('x-request-id', head.requestId).send(JSON.stringify(toProblem(error, head.traceId, status)));
  }
}

function toSluiceError(thrown: unknown): SluiceError {
  if (isSluiceError(thrown)) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown }).statusCode;
  if (status === 404 || status === 405) return new requestErrors.notFound();
  if (typeof status === 'number' && status >= 400 && status < 500) return new requestErrors.refused({}, { cause: thrown });
  return new requestErrors.failed({}, { cause: thrown });
}
