import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { parseRequestTarget, toOriginForm } from '../http/canonical-path';
import { sendProblem, toProblem } from '../http/problem';
import { requestErrors } from '../http/request-errors';
import { RequestHead } from '../http/request-head';
import type { EndpointHandler } from '../endpoints/endpoint-handler';

export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => void;

/** The one place that decides which handler a request gets, after the guard has judged its path and its Host. */
export class Dispatcher {
  constructor(
    private readonly endpoints: EndpointHandler,
    private readonly logger: Logger,
  ) {}

  /** `rest` serves what belongs to no handler of the hot path: health, version, metrics. */
  dispatch(req: IncomingMessage, res: ServerResponse, rest: RequestHandler): void {
    const head = new RequestHead(req);
    try {
      const { url, authority } = toOriginForm(req.url!);
      req.url = url;
      const target = parseRequestTarget(req.url);
      if (!target) return refuse(res, head, new requestErrors.badTarget());
      if (!head.hostIsValid(req, authority)) return refuse(res, head, new requestErrors.badHost());
      if (this.logger.isLevelEnabled('debug')) this.logAccess(req, res, head, target.path);
      if (target.path.startsWith('/plugins/')) return this.endpoints.handle(req, res, head, target);
      if (head.expectsContinue) res.writeContinue();
      rest(req, res);
    } catch (error) {
      this.logger.error({ err: error, request_id: head.requestId, trace_id: head.traceId }, 'request failed');
      if (res.headersSent) res.destroy();
      else refuse(res, head, new requestErrors.failed());
    }
  }

  private logAccess(req: IncomingMessage, res: ServerResponse, head: RequestHead, path: string): void {
    const startedAt = performance.now();
    res.once('close', () => {
      // The path alone: a query may carry a token.
      const fields = { method: req.method, path, status: res.statusCode, complete: res.writableFinished, ms: Math.round(performance.now() - startedAt) };
      this.logger.debug({ ...fields, request_id: head.requestId, trace_id: head.traceId }, 'request');
    });
  }
}

function refuse(res: ServerResponse, head: RequestHead, error: SluiceError): void {
  sendProblem(res, toProblem(error, head.traceId), ['X-Request-Id', head.requestId]);
}
