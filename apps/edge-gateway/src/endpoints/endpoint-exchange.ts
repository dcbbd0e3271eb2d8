import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PluginData } from '@sluice/config-snapshot';
import type { SluiceError } from '@sluice/kernel';
import type { Call, ChannelError, PluginGeneration } from '@sluice/plugin-runtime';
import { whenClosed, type CloseListener } from '../http/client-connection';
import { passOverBody } from '../http/pass-over-body';
import type { RequestHead } from '../http/request-head';
import type { GatewayToken } from '../snapshot/gateway-state';
import { BodyReader, NO_BODY, type BodyListener } from './body-reader';
import { encodeEndpointRequest } from './encode-endpoint-request';
import { endpointErrors } from './endpoint-errors';
import type { EndpointSeries } from './endpoint-metrics';
import type { EndpointReplies } from './endpoint-replies';
import type { EndpointRoute } from './endpoint-route';
import type { EndpointTrace } from './endpoint-tracing';
import type { OpenStreams } from './open-streams';

/** What every exchange of a gateway shares. */
export interface ExchangeContext {
  plugins: { serving(pluginId: number): PluginGeneration | undefined };
  replies: EndpointReplies;
  openStreams: OpenStreams;
  maxBodyBytes: number;
  streamTimeoutMs: number;
  /** Answers name their revision unasked. */
  tellsRevision: boolean;
  /** `edge_id` and `edge_namespace`. */
  edge: Record<string, string>;
}

/** A request that has found its route and passed authentication. */
export interface RoutedRequest {
  req: IncomingMessage;
  res: ServerResponse;
  head: RequestHead;
  path: string;
  relativePath: string;
  query: string;
  revision: number;
  plugin: PluginData;
  route: EndpointRoute;
  token: GatewayToken | undefined;
  tokenHash: string;
  series: EndpointSeries;
  trace: EndpointTrace;
}

const DEADLINE_EXCEEDED = 4;
const CLIENT_CLOSED_REQUEST = 499;

/** One request on its way through a plugin: body in, call, answer out, whoever gives up first. */
export abstract class EndpointExchange implements BodyListener, CloseListener {
  /** The client has its answer, or will never have one. */
  protected ended = false;
  private call: Call | undefined;
  private calling = false;
  private startedAtMs = 0;

  constructor(
    protected readonly context: ExchangeContext,
    protected readonly request: RoutedRequest,
  ) {}

  start(): void {
    const { req, res, head } = this.request;
    whenClosed(res, this);
    if (!head.hasBody) {
      passOverBody(req);
      this.onBody(NO_BODY);
    } else if (head.contentLength > this.context.maxBodyBytes) this.onBodyTooLarge();
    else {
      if (head.expectsContinue) res.writeContinue();
      new BodyReader(req, this.context.maxBodyBytes, this);
    }
  }

  onBody(body: Buffer): void {
    if (this.ended) return;
    const { request, context } = this;
    // Asked for again: while the body came in, the plugin may have got a new generation or none.
    const generation = context.plugins.serving(request.plugin.id);
    if (!generation) return this.fail(new endpointErrors.pluginUnavailable({ pluginId: request.plugin.id }), ['Retry-After', '1']);
    try {
      const bytes = encodeEndpointRequest(
        {
          method: request.req.method!,
          path: request.path,
          relativePath: request.relativePath,
          query: request.query,
          head: request.head,
          token: request.token,
          edge: context.edge,
          traceContext: request.trace.carrier,
        },
        body,
      );
      this.calling = true;
      this.startedAtMs = performance.now();
      generation.lastRequestId = request.head.requestId;
      request.series.active++;
      const call = this.open(generation, bytes);
      if (this.calling) this.call = call;
    } catch (cause) {
      this.fail(new endpointErrors.pluginFailed({ pluginId: request.plugin.id }, { cause }));
    }
  }

  onBodyTooLarge(): void {
    const { maxBodyBytes } = this.context;
    this.fail(new endpointErrors.bodyTooLarge({ maxBodyBytes }, { detail: `The body of the request is larger than ${maxBodyBytes} bytes.` }));
  }

  /** Of the call: it ended with a status other than OK. */
  onError(error: ChannelError): void {
    this.callEnded(String(error.status));
    if (this.ended) return;
    const details = { pluginId: this.request.plugin.id, grpcStatus: error.status };
    // Its process has gone and the host has not noticed yet: this request was not in flight.
    if (!error.sent) return this.fail(new endpointErrors.pluginUnavailable(details, { cause: error }), ['Retry-After', '1']);
    const Failure = error.status === DEADLINE_EXCEEDED ? endpointErrors.pluginTimedOut : endpointErrors.pluginFailed;
    this.fail(new Failure(details, { cause: error }));
  }

  /** Nothing can be sent any more. Before the answer was complete, that ends the call. */
  closed(): void {
    if (this.ended) return;
    this.conclude();
    this.request.series.countError(CLIENT_CLOSED_REQUEST, 'client_gone');
    this.request.trace.end(CLIENT_CLOSED_REQUEST, 'client_gone');
    this.cancelCall();
  }

  protected abstract open(generation: PluginGeneration, bytes: Uint8Array): Call;

  /** The call ended by itself. */
  protected callEnded(outcome: string): void {
    if (!this.calling) return;
    this.calling = false;
    this.call = undefined;
    this.request.series.active--;
    this.request.series.recordCall(this.startedAtMs, outcome);
  }

  protected cancelCall(): void {
    const { call } = this;
    this.callEnded('cancelled');
    call?.cancel();
  }

  /** Answers with an error, or breaks the connection where an answer has begun, so that the client can tell. */
  protected fail(error: SluiceError, headers?: readonly string[]): void {
    if (this.ended) return;
    this.conclude();
    const { req, res, head, series, trace } = this.request;
    let status = res.statusCode;
    if (res.headersSent) {
      this.context.replies.log(head, error);
      res.destroy();
    } else status = this.context.replies.refuse(req, res, head, error, headers);
    series.countError(status, error.code);
    trace.end(status, error.code);
    this.cancelCall();
  }

  /** The plugin's answer is out. */
  protected succeed(status: number): void {
    this.conclude();
    this.request.series.countAnswer(status);
    this.request.trace.end(status, '');
  }

  /** The headers that the gateway adds to an answer. */
  protected addOwnHeaders(headers: string[]): void {
    const { head, revision } = this.request;
    headers.push('X-Request-Id', head.requestId);
    if (this.context.tellsRevision || head.wantsRevision) headers.push('X-Config-Revision', String(revision));
  }

  protected get wantsNoBody(): boolean {
    return this.request.req.method === 'HEAD';
  }

  protected conclude(): void {
    this.ended = true;
  }
}

/** 204, 205 and 304 have no body (RFC 9110). */
export function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
