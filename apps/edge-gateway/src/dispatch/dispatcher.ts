import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { EndpointHandler } from '../endpoints/endpoint-handler';
import { ENDPOINT_METHODS } from '../endpoints/route-table';
import { leaveAfter, type ClientConnection } from '../http/client-connection';
import { resolveClient } from '../http/forwarding';
import { sendProblem, toProblem } from '../http/problem';
import { leavesBodyUnread, refuseUpload } from '../http/refuse-upload';
import { requestErrors, statusOf } from '../http/request-errors';
import type { RequestGuard } from '../http/request-guard';
import { RequestHead } from '../http/request-head';
import type { TrustedProxies } from '../http/trusted-proxies';

export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => void;

/** The one place that decides which handler a request gets, after the guard has judged its path and its Host. */
export class Dispatcher {
  constructor(
    private readonly guard: RequestGuard,
    private readonly proxies: TrustedProxies,
    private readonly endpoints: EndpointHandler,
    private readonly logger: Logger,
  ) {}

  /** `rest` serves what belongs to no handler of the hot path: health, version, metrics. */
  dispatch(req: IncomingMessage, res: ServerResponse, connection: ClientConnection, rest: RequestHandler): void {
    const head = new RequestHead(req, connection.isTrustedProxy);
    head.clientAddress = connection.address;
    try {
      const verdict = this.guard.judge(req, head);
      if (verdict.kind === 'refused') return refuse(req, res, head, verdict.error);
      if (connection.isTrustedProxy) {
        const error = resolveClient(head, this.proxies);
        if (error) return refuse(req, res, head, error);
      }
      if (verdict.kind === 'server') return answerForServer(res, head);
      const { target } = verdict;
      if (this.logger.isLevelEnabled('debug')) this.logAccess(req, res, head, target.path);
      if (target.path.startsWith('/plugins/')) return this.endpoints.handle(req, res, head, target);
      // Nothing there reads a body of more than a few bytes.
      if (leavesBodyUnread(req, head)) return refuse(req, res, head, new requestErrors.bodyNotTaken());
      rest(req, res);
    } catch (error) {
      this.logger.error({ err: error, request_id: head.requestId, trace_id: head.traceId }, 'request failed');
      if (res.headersSent) res.destroy();
      else refuse(req, res, head, new requestErrors.failed());
    }
  }

  /** Ends what would go on by itself for ever, in a way that tells its clients to ask again. */
  endEventStreams(): Promise<void> {
    return this.endpoints.endEventStreams();
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

/** Also ends the connection: what was refused may have meant more than was seen of it. */
function refuse(req: IncomingMessage, res: ServerResponse, head: RequestHead, error: SluiceError): void {
  const problem = toProblem(error, head.traceId, statusOf(error));
  const headers = ['X-Request-Id', head.requestId];
  if (leavesBodyUnread(req, head)) return refuseUpload(req, res, problem, headers);
  leaveAfter(res);
  sendProblem(res, problem, headers);
}

function answerForServer(res: ServerResponse, head: RequestHead): void {
  res.writeHead(204, ['Allow', ENDPOINT_METHODS.join(', '), 'X-Request-Id', head.requestId]);
  res.end();
}
