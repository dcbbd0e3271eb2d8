import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher, RequestHandler } from '../dispatch/dispatcher';
import { newRequestId } from './request-identity';
import { sendProblem, toProblem } from './problem';
import { requestErrors } from './request-errors';

/** Longer than load balancers keep idle connections, so that they close first and never meet a closing one. */
const KEEP_ALIVE_MS = 75_000;
const DRAIN_STEP_MS = 25;

/**
 * The HTTP server that Nest's adapter owns. A request goes to the dispatcher first, and only what no handler of the hot path
 * serves goes on to Nest.
 */
export class GatewayServer {
  readonly http: Server;
  private dispatcher: Dispatcher | undefined;
  private rest: RequestHandler = answerStarting;
  private draining = false;

  constructor() {
    const listener = (req: IncomingMessage, res: ServerResponse) => this.handle(req, res);
    // No timeout cuts an answer short: `requestTimeout` ends with the request's last byte.
    const timeouts = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 300_000, headersTimeout: 60_000 };
    // The dispatcher looks for Host itself, and answers with a problem.
    this.http = createServer({ ...timeouts, noDelay: true, keepAlive: true, requireHostHeader: false }, listener);
    // Node would leave out what comes after 2,000 header lines, a second Host among them. The size of a head is limited all the same.
    this.http.maxHeadersCount = 0;
    // With a listener of its own, the body of a request that is refused anyway is never asked for.
    this.http.on('checkContinue', listener);
  }

  /** For Fastify, which brings the handler of everything else. */
  readonly factory = (rest: RequestHandler): Server => {
    this.rest = rest;
    return this.http;
  };

  /** From here on requests are served. */
  serve(dispatcher: Dispatcher): void {
    this.dispatcher = dispatcher;
  }

  /** Takes no new connections and waits for the requests in progress; cuts off what has not ended by then. */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    let open = true;
    this.http.close(() => (open = false));
    const deadline = performance.now() + limitMs;
    while (open && performance.now() < deadline) {
      this.http.closeIdleConnections();
      await sleep(DRAIN_STEP_MS);
    }
    this.http.closeAllConnections();
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    if (this.draining) res.shouldKeepAlive = false;
    if (this.dispatcher) this.dispatcher.dispatch(req, res, this.rest);
    else answerStarting(req, res);
  }
}

function answerStarting(_req: IncomingMessage, res: ServerResponse): void {
  sendProblem(res, toProblem(new requestErrors.starting(), newRequestId()), ['Retry-After', '1']);
}
