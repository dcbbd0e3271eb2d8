import type * as wire from '@sluice/contracts/plugin';
import type { Services } from '../services/services';
import { type App, appFromWire } from './app';
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

/** `end` has the signal of the call. */
export function requestContext(process: ProcessContext, source: ContextSource, end: { readonly signal: AbortSignal }): Context {
  return new RequestContext(process, source, end);
}

/** Most handlers use little of their context: what costs something is made when it is asked for. */
class RequestContext implements Context {
  readonly runtime: Runtime;
  readonly pluginId: number;
  readonly requestId: string;
  readonly traceContext: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly appId: number | undefined;
  readonly userId: number | undefined;
  readonly llmId: number | undefined;
  readonly llmSlug: string | undefined;
  readonly vendor: string | undefined;
  readonly #process: ProcessContext;
  readonly #end: { readonly signal: AbortSignal };
  readonly #wireApp: wire.App | undefined;
  #app: App | undefined;
  #services: Services | undefined;

  constructor(process: ProcessContext, source: ContextSource, end: { readonly signal: AbortSignal }) {
    const told = source.context ?? source.request?.context;
    this.runtime = process.runtime;
    this.pluginId = process.pluginId;
    this.requestId = told?.requestId ?? '';
    this.traceContext = told?.traceContext ?? {};
    this.metadata = told?.metadata ?? {};
    this.appId = source.app?.id ?? (told?.appId || undefined);
    this.userId = told?.userId || undefined;
    this.llmId = told?.llmId || undefined;
    this.llmSlug = told?.llmSlug || undefined;
    this.vendor = told?.vendor || undefined;
    this.#process = process;
    this.#end = end;
    this.#wireApp = source.app;
  }

  get app(): App | undefined {
    return (this.#app ??= this.#wireApp && appFromWire(this.#wireApp));
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get services(): Services {
    const { services } = this.#process;
    return (this.#services ??= this.requestId === '' ? services : forRequest(services, this.requestId));
  }
}

/** The same services, and a logger that names the request. */
function forRequest(services: Services, requestId: string): Services {
  const logger = services.logger.with({ request_id: requestId });
  return Object.create(services, { logger: { value: logger, enumerable: true } }) as Services;
}
