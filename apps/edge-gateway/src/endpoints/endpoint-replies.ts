import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { sendProblem, toProblem } from '../http/problem';
import { leavesBodyUnread, refuseUpload } from '../http/refuse-upload';
import { statusOf } from '../http/request-errors';
import type { RequestHead } from '../http/request-head';
import { endpointErrors } from './endpoint-errors';

const ANSWER_REFUSED = new endpointErrors.answerInvalid().code;

/** Sends the gateway's own answers and writes down why. */
export class EndpointReplies {
  constructor(private readonly logger: Logger) {}

  /** Answers with the problem of this error and returns its status. `headers` are names and values in turn. */
  refuse(req: IncomingMessage, res: ServerResponse, head: RequestHead, error: SluiceError, headers: readonly string[] = []): number {
    const status = statusOf(error);
    this.log(head, error);
    const problem = toProblem(error, head.traceId, status);
    const all = ['X-Request-Id', head.requestId, ...headers];
    if (error.kind === 'too_large' || leavesBodyUnread(req, head)) refuseUpload(req, res, problem, all);
    else sendProblem(res, problem, all);
    return status;
  }

  /**
   * What a plugin did to a request is worth a line of its own. That it is not running stands in the log already. An answer that was kept from the client is
   * for the audit.
   */
  log(head: RequestHead, error: SluiceError): void {
    const level = error.blame === 'caller' || error.kind === 'unavailable' ? 'debug' : 'warn';
    if (!this.logger.isLevelEnabled(level)) return;
    const audit = error.code === ANSWER_REFUSED ? { event: 'endpoint.answer_refused', audit: true } : undefined;
    this.logger[level](
      { ...audit, code: error.code, request_id: head.requestId, trace_id: head.traceId, ...error.details, cause: error.cause instanceof Error ? error.cause.message : undefined },
      error.message,
    );
  }
}
