import type { Services } from '../services/services';
import type { App } from './app';
import type { Runtime } from './runtime';

/** The first argument of every handler: where it runs, for whom, and what it may use. */
export interface Context {
  readonly runtime: Runtime;
  /** The number that the host knows this plugin by. */
  readonly pluginId: number;
  /** `''` when the call belongs to no request. */
  readonly requestId: string;
  /** W3C `traceparent` and `tracestate`, for calls that the plugin makes itself. */
  readonly traceContext: Readonly<Record<string, string>>;
  /** What else the host told about the request: `edge_id`, `edge_namespace` and the like. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The app that calls, on endpoints that require a token. */
  readonly app: App | undefined;
  readonly appId: number | undefined;
  readonly userId: number | undefined;
  readonly llmId: number | undefined;
  readonly llmSlug: string | undefined;
  readonly vendor: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly services: Services;
}
