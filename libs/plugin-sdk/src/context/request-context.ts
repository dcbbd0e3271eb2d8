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

/** What a context makes when it is asked for. */
interface Later {
  readonly process: ProcessContext;
  readonly end: { readonly signal: AbortSignal };
  services: Services | undefined;
}

const LATER = Symbol('later');

/**
 * Most handlers use little of their context: what costs something is made when it is asked for. Own properties all the same, so that `{ ...ctx }` has them,
 * with one function each for all contexts, which then have one shape; what they read is found through a proxy and from an object that inherits.
 */
const SIGNAL: PropertyDescriptor & ThisType<{ [LATER]: Later }> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[LATER].end.signal;
  },
};
const SERVICES: PropertyDescriptor & ThisType<{ [LATER]: Later; requestId: string }> = {
  enumerable: true,
  configurable: true,
  get() {
    const later = this[LATER];
    const { services } = later.process;
    return (later.services ??= this.requestId === '' ? services : forRequest(services, this.requestId));
  },
};

/** `end` has the signal of the call. */
export function requestContext(process: ProcessContext, source: ContextSource, end: { readonly signal: AbortSignal }): Context {
  const told = source.context ?? source.request?.context;
  const context: Omit<Context, 'signal' | 'services'> = {
    runtime: process.runtime,
    pluginId: process.pluginId,
    requestId: told?.requestId ?? '',
    traceContext: told?.traceContext ?? {},
    metadata: told?.metadata ?? {},
    app: source.app && appFromWire(source.app),
    appId: source.app?.id ?? (told?.appId || undefined),
    userId: told?.userId || undefined,
    llmId: told?.llmId || undefined,
    llmSlug: told?.llmSlug || undefined,
    vendor: told?.vendor || undefined,
  };
  Object.defineProperty(context, LATER, { value: { process, end, services: undefined } satisfies Later });
  Object.defineProperty(context, 'signal', SIGNAL);
  return Object.defineProperty(context, 'services', SERVICES) as Context;
}

/** The same services, and a logger that names the request. */
function forRequest(services: Services, requestId: string): Services {
  const logger = services.logger.with({ request_id: requestId });
  return Object.create(services, { logger: { value: logger, enumerable: true } }) as Services;
}
