import { waitFor } from '@sluice/testing';
import type { Stack } from '../stack/stack';
import { type Census, takeCensus } from './census';
import { percentile } from './percentile';
import { type LoadedRequest, RequestLoad } from './request-load';
import { StreamLoad } from './stream-load';

export interface ReloadOptions {
  reloads: number;
  requestsPerSecond: number;
  streams: number;
  progress?(done: number): void;
}

export interface ReloadFigures {
  reloads: number;
  seconds: number;
  requests: { sent: number; failed: number; failures: string[]; p50Ms: number; p99Ms: number };
  streams: { completed: number; broken: number; breaks: string[]; open: number };
  /** The slowest way from the API call to the first answer of the new generation. */
  slowestReloadMs: number;
  /** The most generations that the gateway had at once. */
  generations: number;
  before: Census;
  after: Census;
}

const SLUG = 'reloaded';
const SETTLE_MS = 60_000;
const REQUESTS: readonly LoadedRequest[] = [
  { path: `/plugins/${SLUG}/users/1?x=1` },
  { path: `/plugins/${SLUG}/posted`, method: 'POST', body: 'x'.repeat(500) },
  { path: `/plugins/${SLUG}/bytes/10000` },
  { path: `/plugins/${SLUG}/sleep/100` },
];

/** Reloads a plugin again and again, by turns for a new configuration and because it was asked for, while it answers requests and streams. */
export async function reloadRun(stack: Stack, { reloads, requestsPerSecond, streams, progress }: ReloadOptions): Promise<ReloadFigures> {
  const id = await stack.echo(SLUG);
  await untilSettled(stack, id);
  // One reload before the census, so that what is made once has been made.
  await reload(stack, id, 0);
  await untilSettled(stack, id);
  const before = takeCensus(stack);

  const beganAt = performance.now();
  const requestLoad = new RequestLoad(stack.gatewayUrl, requestsPerSecond, REQUESTS).start();
  const streamLoad = new StreamLoad(`${stack.gatewayUrl}/plugins/${SLUG}/stream`, streams).start();
  // Streams go on until their own end: they are the ones that a reload could break.
  const stop = () => Promise.all([requestLoad.stop(), streamLoad.stop()]);
  let slowestReloadMs = 0;
  let generations = 0;
  try {
    for (let turn = 1; turn <= reloads; turn++) {
      const startedAt = performance.now();
      await reload(stack, id, turn);
      slowestReloadMs = Math.max(slowestReloadMs, performance.now() - startedAt);
      generations = Math.max(generations, await stack.metric('sluice_plugin_generations', { plugin_id: String(id) }));
      progress?.(turn);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const seconds = (performance.now() - beganAt) / 1_000;
  const [requestFigures, streamFigures] = await stop();
  await untilSettled(stack, id);
  await waitFor(() => isNoMore(takeCensus(stack), before), { timeoutMs: SETTLE_MS }).catch(() => undefined);
  const after = takeCensus(stack);
  await stack.api.call('DELETE', `/api/v1/plugins/${id}`);
  const tookMs = requestFigures.answers.map((answer) => answer.tookMs);
  const { sent, failed, failures } = requestFigures;
  return { reloads, seconds, requests: { sent, failed, failures, p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) }, streams: streamFigures, slowestReloadMs, generations, before, after };
}

export function isNoMore(now: Census, before: Census): boolean {
  return now.processes <= before.processes && now.files <= before.files && now.sockets <= before.sockets && now.tcp <= before.tcp && now.folders <= before.folders;
}

/** Returns when the gateway serves the new generation. */
async function reload(stack: Stack, id: number, turn: number): Promise<void> {
  const pid = await servingPid(stack);
  if (turn % 2 === 0) await stack.api.call('POST', `/api/v1/plugins/${id}/reload`);
  else await stack.api.call('PATCH', `/api/v1/plugins/${id}`, { config: { slug: SLUG, content: `Hello ${turn}` } });
  await waitFor(async () => (await servingPid(stack)) !== pid, { timeoutMs: SETTLE_MS, intervalMs: 20, message: () => `reload ${turn} has reached the gateway` });
}

async function servingPid(stack: Stack): Promise<number> {
  return ((await (await stack.get(`/plugins/${SLUG}/pid`)).json()) as { pid: number }).pid;
}

/** One generation serves, here and there, and none is on its way in or out. */
async function untilSettled(stack: Stack, id: number): Promise<void> {
  await waitFor(
    async () => {
      const status = await stack.api.call<{ studio: Host | null; gateways: Host[] }>('GET', `/api/v1/plugins/${id}/status`);
      return [status.studio, ...status.gateways].every((host) => host?.generations.length === 1 && host.state === 'ready') && status.gateways.length > 0;
    },
    { timeoutMs: SETTLE_MS, message: () => 'the plugin has one generation on each host' },
  );
}

interface Host {
  state: string;
  generations: unknown[];
}
