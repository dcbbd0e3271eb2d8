import type * as wire from '@sluice/contracts/plugin';
import type { Services } from '../services/services';
import { appFromWire } from './app';
import type { Context } from './context';
import type { Runtime } from './runtime';

/** Where the requests of the protocol carry what a context is made of. */
export interface ContextSource {
  context?: wire.PluginContext | undefined;
  request?: { context?: wire.PluginContext | undefined } | undefined;
  app?: wire.App | undefined;
}

/** What is the same for every call of this process. */
export interface ProcessContext {
  runtime: Runtime;
  pluginId: number;
  services: Services;
}

export function requestContext(process: ProcessContext, source: ContextSource, signal: AbortSignal): Context {
  const told = source.context ?? source.request?.context;
  const requestId = told?.requestId ?? '';
  return {
    runtime: process.runtime,
    pluginId: process.pluginId,
    requestId,
    traceContext: told?.traceContext ?? {},
    metadata: told?.metadata ?? {},
    app: source.app && appFromWire(source.app),
    appId: source.app?.id ?? (told?.appId || undefined),
    userId: told?.userId || undefined,
    llmId: told?.llmId || undefined,
    llmSlug: told?.llmSlug || undefined,
    vendor: told?.vendor || undefined,
    signal,
    services: requestId ? forRequest(process.services, requestId) : process.services,
  };
}

/** The same services, and a logger that names the request. */
function forRequest(services: Services, requestId: string): Services {
  const logger = services.logger.with({ request_id: requestId });
  return Object.create(services, { logger: { value: logger, enumerable: true } }) as Services;
}
