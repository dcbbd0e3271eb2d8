import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PluginData } from '@sluice/config-snapshot';
import type { SluiceError } from '@sluice/kernel';
import type { PluginGeneration } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { RequestTarget } from '../http/canonical-path';
import { leaveAfter } from '../http/client-connection';
import type { RequestHead } from '../http/request-head';
import { requestErrors } from '../http/request-errors';
import type { CurrentState } from '../snapshot/current-state';
import type { EndpointAuth } from './endpoint-auth';
import { endpointErrors } from './endpoint-errors';
import type { ExchangeContext } from './endpoint-exchange';
import type { EndpointMetrics, EndpointSeries } from './endpoint-metrics';
import type { EndpointTracing } from './endpoint-tracing';
import { RouteTable } from './route-table';
import { StreamExchange } from './stream-exchange';
import { UnaryExchange } from './unary-exchange';

const PREFIX = '/plugins/';

/** Everything under `/plugins/`: finds plugin and route, admits the caller, and starts the exchange. */
export class EndpointHandler {
  private readonly tables = new WeakMap<PluginGeneration, RouteTable>();

  constructor(
    private readonly current: CurrentState,
    private readonly auth: EndpointAuth,
    private readonly context: ExchangeContext,
    private readonly metrics: EndpointMetrics,
    private readonly tracing: EndpointTracing,
    private readonly logger: Logger,
  ) {}

  handle(req: IncomingMessage, res: ServerResponse, head: RequestHead, target: RequestTarget): void {
    const state = this.current.get();
    if (!state) return this.refuse(req, res, head, this.metrics.of('', 'none'), new requestErrors.starting(), ['Retry-After', '1']);

    const { path } = target;
    const slash = path.indexOf('/', PREFIX.length);
    const slug = slash < 0 ? path.slice(PREFIX.length) : path.slice(PREFIX.length, slash);
    const plugin = state.pluginsBySlug.get(slug);
    if (!plugin) return this.refuse(req, res, head, this.metrics.of('', 'none'), new endpointErrors.notFound());
    const generation = this.context.plugins.serving(plugin.id);
    if (!generation) {
      return this.refuse(req, res, head, this.metrics.of(slug, 'none'), new endpointErrors.pluginUnavailable({ pluginId: plugin.id }), ['Retry-After', '1']);
    }

    const relativePath = slash < 0 ? '/' : path.slice(slash);
    const match = this.tableOf(generation, plugin).match(req.method!, relativePath);
    if (match.kind === 'notFound') return this.refuse(req, res, head, this.metrics.of(slug, 'none'), new endpointErrors.notFound());
    if (match.kind === 'ambiguous') {
      leaveAfter(res);
      return this.refuse(req, res, head, this.metrics.of(slug, 'none'), new requestErrors.badTarget());
    }
    if (match.kind === 'methodNotAllowed') {
      return this.refuse(req, res, head, this.metrics.of(slug, 'none'), new endpointErrors.methodNotAllowed(), ['Allow', match.allow]);
    }

    const { route } = match;
    const series = this.metrics.of(slug, route.stream ? 'stream' : 'unary');
    let { query } = target;
    let token;
    let tokenHash = '';
    if (route.requireAuth) {
      const admission = this.auth.admit(state, route, head, query);
      if (admission.kind === 'unknown') return this.refuse(req, res, head, series, admission.error, ['Retry-After', '1']);
      if (admission.kind === 'refused') return this.refuse(req, res, head, series, admission.error, ['WWW-Authenticate', admission.challenge]);
      ({ token, tokenHash, query } = admission);
    }
    const trace = this.tracing.begin(head, req.method!, slug, route.pattern);
    const request = { req, res, head, path, relativePath, query, revision: state.revision, plugin, route, token, tokenHash, series, trace };
    new (route.stream ? StreamExchange : UnaryExchange)(this.context, request).start();
  }

  /** Ends every event stream as if it were complete: its client reconnects, and reaches another gateway. */
  endEventStreams(): Promise<void> {
    return this.context.openStreams.endEventStreams();
  }

  private refuse(req: IncomingMessage, res: ServerResponse, head: RequestHead, series: EndpointSeries, error: SluiceError, headers?: readonly string[]): void {
    series.countError(this.context.replies.refuse(req, res, head, error, headers), error.code);
  }

  private tableOf(generation: PluginGeneration, plugin: PluginData): RouteTable {
    let table = this.tables.get(generation);
    if (table) return table;
    table = new RouteTable(generation.answers.endpoints);
    for (const warning of table.warnings) this.logger.warn({ pluginId: plugin.id, slug: plugin.slug }, warning);
    this.tables.set(generation, table);
    return table;
  }
}
