import type { PluginGeneration } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { CurrentState } from '../snapshot/current-state';
import { EndpointAuth } from './endpoint-auth';
import { EndpointHandler } from './endpoint-handler';
import { EndpointMetrics } from './endpoint-metrics';
import { EndpointReplies } from './endpoint-replies';
import { EndpointTracing } from './endpoint-tracing';
import { OpenStreams } from './open-streams';

export interface EndpointHandlerOptions {
  current: CurrentState;
  plugins: { serving(pluginId: number): PluginGeneration | undefined };
  logger: Logger;
  /** The key is looked up for each request: it may come later. */
  keys: { readonly tokenHashKey: Uint8Array | undefined };
  limits: { maxBodyBytes: number; streamTimeoutMs: number; tellsRevision: boolean };
  edge: { id: string; namespace: string };
  recordTraces: boolean;
}

/** Puts the endpoint chain together. */
export function createEndpointHandler(options: EndpointHandlerOptions): EndpointHandler {
  const { current, plugins, logger, limits, edge } = options;
  const context = {
    plugins,
    replies: new EndpointReplies(logger),
    openStreams: new OpenStreams(current, Date.now),
    ...limits,
    edge: { edge_id: edge.id, edge_namespace: edge.namespace },
  };
  return new EndpointHandler(current, new EndpointAuth(current, options.keys, Date.now), context, new EndpointMetrics(), new EndpointTracing(options.recordTraces), logger);
}
