import type { EndpointRegistration, PluginContext } from '@sluice/contracts/plugin';
import { PluginContext as Context } from '@sluice/contracts/plugin';
import type { Hook, PluginManifest } from '@sluice/plugin-manifest';
import type { PluginRpc, RequestOf, ResponseOf, StreamRpc, UnaryRpc } from '../subject/plugin-rpc';
import type { Samples } from '../subject/samples';
import type { StartedPlugin } from '../subject/started-plugin';

/** What a row makes its requests from. */
export interface RequestSource {
  plugin: StartedPlugin;
  manifest: PluginManifest;
  samples: Samples;
  deadlineMs: number;
}

interface Row<R extends PluginRpc> {
  rpc: R;
  /** Whether a host calls it for a plugin with this manifest. */
  declared(manifest: PluginManifest): boolean;
  /** How long a host waits, in milliseconds. */
  deadlineMs: number;
  /** Requests as a host makes them. None: there is nothing that can be asked without knowing the plugin. */
  requests(source: RequestSource): Promise<RequestOf<R>[]> | RequestOf<R>[];
}

export interface UnaryRow<R extends UnaryRpc> extends Row<R> {
  /** What is wrong with an answer and what to do, or undefined when a host can use it. */
  judge(answer: ResponseOf<R>, request: RequestOf<R>): string | undefined;
  /** The answer of a plugin without this capability. `error` is the status UNKNOWN; a plugin may answer `anything` where no manifest tells. */
  absent: { text: string; is(answer: ResponseOf<R>): boolean } | 'error' | 'anything';
}

export interface StreamRow<R extends StreamRpc> extends Row<R> {
  judge(messages: ResponseOf<R>[], ended: boolean): string | undefined;
  absent: 'error';
}

/** A row as the checks see it: its types are known inside the row only. */
export type AnyUnaryRow = { kind: 'unary' } & UnaryRow<never>;
export type AnyStreamRow = { kind: 'stream' } & StreamRow<never>;
export type AnyRow = AnyUnaryRow | AnyStreamRow;

export const unaryRow = <R extends UnaryRpc>(row: UnaryRow<R>): AnyRow => ({ kind: 'unary', ...(row as unknown as UnaryRow<never>) });
export const streamRow = <R extends StreamRpc>(row: StreamRow<R>): AnyRow => ({ kind: 'stream', ...(row as unknown as StreamRow<never>) });

export const declares =
  (...hooks: Hook[]) =>
  ({ capabilities }: PluginManifest): boolean =>
    hooks.some((hook) => capabilities.hooks.includes(hook));

/** The context of a request hook. */
export function context(change: Partial<PluginContext> = {}): PluginContext {
  return Context.fromPartial({
    requestId: 'conformance-1',
    vendor: 'openai',
    llmId: 1,
    llmSlug: 'conformance',
    appId: 1,
    userId: 1,
    metadata: { edge_id: 'conformance', edge_namespace: '' },
    traceContext: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    ...change,
  });
}

export const now = (): bigint => BigInt(Math.floor(Date.now() / 1_000));

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Splits `/hello?x=1` as a gateway does. */
export function splitSample(sample: string): { path: string; query: string } {
  const mark = sample.indexOf('?');
  const path = mark < 0 ? sample : sample.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : sample.slice(mark + 1) };
}

export async function registrationsOf(plugin: StartedPlugin, deadlineMs: number): Promise<EndpointRegistration[]> {
  const outcome = await plugin.ask('getEndpointRegistrations', {}, deadlineMs);
  return outcome.kind === 'answer' ? outcome.answer.registrations : [];
}
