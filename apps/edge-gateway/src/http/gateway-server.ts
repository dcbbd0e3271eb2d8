import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Dispatcher, RequestHandler } from '../dispatch/dispatcher';
import { answerRaw } from './answer-raw';
import { ClientConnections } from './client-connections';
import { leaveAfter, type ClientConnection } from './client-connection';
import { HttpMetrics } from './http-metrics';
import type { HttpLimits } from './http-limits';
import { sendProblem, toProblem } from './problem';
import { requestErrors, statusOf } from './request-errors';
import { newRequestId } from './request-identity';
import type { TrustedProxies } from './trusted-proxies';

/** How often it is looked for clients that are too slow. */
const LOOK_MS = 500;
/** More than any client pipelines; each of them may hold a call to a plugin. */
const MAX_PENDING_PER_CONNECTION = 100;

export interface GatewayServerOptions {
  limits: HttpLimits;
  trustedProxies: TrustedProxies;
  /** How many processes share the clients. Each takes its part of the connections. Default: 1. */
  processes?: number;
}

/**
 * The HTTP server that Nest's adapter owns. A request goes to the dispatcher first, and only what no handler of the hot path
 * serves goes on to Nest.
 */
export class GatewayServer {
  readonly http: Server;
  private readonly metrics = new HttpMetrics();
  private readonly connections: ClientConnections;
  private dispatcher: Dispatcher | undefined;
  private rest: RequestHandler = answerStarting;
  private draining = false;

  constructor({ limits, trustedProxies, processes = 1 }: GatewayServerOptions) {
    const listener = (req: IncomingMessage, res: ServerResponse) => this.handle(req, res);
    // No timeout cuts an answer short: `requestTimeout` ends with the request's last byte.
    const timeouts = { keepAliveTimeout: limits.keepAliveMs, requestTimeout: limits.requestTimeoutMs, headersTimeout: limits.headTimeoutMs, connectionsCheckingInterval: LOOK_MS };
    // The guard tells which limit was exceeded; the parser stops what could only be one that exceeds both.
    const maxHeaderSize = limits.maxUrlBytes + limits.maxHeaderBytes + 1;
    // The guard looks for Host itself, and answers with a problem.
    this.http = createServer({ ...timeouts, maxHeaderSize, noDelay: true, keepAlive: true, requireHostHeader: false }, listener);
    // Node would leave out what comes after 2,000 header lines, a second Host among them. The guard counts them.
    this.http.maxHeadersCount = 0;
    if (processes === 1) this.http.maxConnections = limits.maxConnections;
    else this.limitConnections(Math.ceil(limits.maxConnections / processes));
    this.connections = new ClientConnections(this.http, trustedProxies, { windowMs: limits.slowClientMs, leastBytes: (limits.minBytesPerSecond * limits.slowClientMs) / 1_000 }, this.metrics);
    // With a listener of its own, the body of a request that is refused anyway is never asked for.
    this.http.on('checkContinue', listener);
    this.http.on('checkExpectation', refuseExpectation);
    this.http.on('connect', refuseTunnel);
    this.http.on('drop', () => this.metrics.countDropped());
    this.http.on('listening', () => this.connections.watch(LOOK_MS));
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

  /** From here on each answer says that it is the last of its connection, so that clients go elsewhere without losing a request. */
  retire(): void {
    this.draining = true;
    this.connections.retire();
  }

  /** Takes no new connections and waits for the requests in progress; cuts off what has not ended by then. */
  async drain(limitMs: number): Promise<void> {
    this.retire();
    // That of node:http would at once close connections on which a request may be under way.
    NetServer.prototype.close.call(this.http);
    await this.connections.drain(limitMs);
    this.http.closeAllConnections();
  }

  // With maxConnections, node:cluster would offer a connection to full processes by turns for as long as all of them are.
  private limitConnections(most: number): void {
    this.http.on('connection', (socket) => {
      if (this.metrics.connections < most) return;
      this.metrics.countDropped();
      socket.destroy();
    });
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    const connection = this.connections.of(req.socket);
    // It stands behind one that was refused, and may be a part of that one.
    if (connection.isLeaving) return;
    connection.begin(res);
    if (this.draining) leaveAfter(res);
    if (connection.pending > MAX_PENDING_PER_CONNECTION) return refuseMore(res, connection);
    if (this.dispatcher) this.dispatcher.dispatch(req, res, connection, this.rest);
    else answerStarting(req, res);
  }
}

function answerStarting(_req: IncomingMessage, res: ServerResponse): void {
  sendProblem(res, toProblem(new requestErrors.starting(), newRequestId()), ['Retry-After', '1']);
}

/** The answers before this one still go out, and this one ends the connection. */
function refuseMore(res: ServerResponse, { socket }: ClientConnection): void {
  socket.pause();
  leaveAfter(res);
  sendProblem(res, toProblem(new requestErrors.tooManyAtOnce(), newRequestId()));
}

function refuseExpectation(_req: IncomingMessage, res: ServerResponse): void {
  const error = new requestErrors.expectationNotSupported();
  leaveAfter(res);
  sendProblem(res, toProblem(error, newRequestId(), statusOf(error)));
}

function refuseTunnel(_req: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  answerRaw(socket, toProblem(new requestErrors.methodNotSupported(), newRequestId()));
}
