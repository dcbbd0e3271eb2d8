import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../load/percentile';
import { RequestLoad } from '../load/request-load';
import type { Stack } from '../stack/stack';
import { writePlugin } from '../stack/written-plugin';
import { SlowClient, type SlowKind } from './slow-client';
import { spread } from './spread';

export interface SlowClientsOptions {
  /** How many there are of each kind. */
  clients: Readonly<Record<SlowKind, number>>;
  /** Of the good clients. */
  requestsPerSecond: number;
  rounds: number;
  /** For how long the gateway is kept busy before anything is measured. */
  warmUpMs: number;
  progress?(message: string): void;
}

export interface SlowClientsFigures {
  /** Until the gateway had ended the last one of a kind; Infinity where one was left. */
  closedWithinMs: Record<SlowKind, number>;
  good: { sent: number; failed: number; failures: string[] };
  /** The good clients' p99 of each round, without and with slow ones. */
  p99Ms: { without: number; with: number }[];
  cut: { body: number; answer: number };
}

const SLUG = 'slow';
const WINDOW_MS = 12_000;
const SETTLE_MS = 1_000;
const WARM_UP_RATE = 1_500;
/** Slow clients are opened within this time, those that do not read spread over it: what they get first is megabytes each. */
const OPENED_WITHIN_MS = 2_500;
const KINDS: readonly SlowKind[] = ['reader', 'head', 'body'];

/**
 * First, over 0.8 s, what fills the buffers of the system between gateway and client, which take about 4 MiB on a loopback, then a little at a time: what is to
 * be seen is not what the plugin costs.
 */
const MEMBERS = `
  endpoints() { return [{ path: '/*', methods: ['GET', 'POST'] }, { path: '/endless', methods: ['GET'], streamResponse: true }]; }
  handleEndpoint() { return 'ok'; }
  async *handleEndpointStream() {
    yield { status: 200 };
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let n = 0; n < 1_000; n++) { yield piece; await new Promise((resolve) => setTimeout(resolve, n < 80 ? 10 : 200)); }
  }
`;

/** Opens many slow connections of each kind within a few seconds, and looks how long they are kept and what good clients notice. */
export async function slowClientsRun(stack: Stack, { clients, requestsPerSecond, rounds, warmUpMs, progress }: SlowClientsOptions): Promise<SlowClientsFigures> {
  const command = writePlugin(stack.folder, SLUG, MEMBERS);
  await stack.api.createEcho(SLUG, {}, { command });
  await stack.untilServing(SLUG);
  await stack.echo('good');
  const figures: SlowClientsFigures = { closedWithinMs: { head: 0, body: 0, reader: 0 }, good: { sent: 0, failed: 0, failures: [] }, p99Ms: [], cut: { body: 0, answer: 0 } };
  await load(stack, WARM_UP_RATE, warmUpMs);
  for (let round = 1; round <= rounds; round++) {
    const without = await load(stack, requestsPerSecond, WINDOW_MS);
    await sleep(SETTLE_MS);
    const opening = openSlowly(stack, clients);
    const during = await load(stack, requestsPerSecond, WINDOW_MS);
    const slow = await opening;
    // Two seconds more, to tell one that is late from one that is left.
    await Promise.race([Promise.all(slow.map((client) => client.closedAfterMs)), sleep(2_000)]);
    for (const client of slow) client.close();
    for (const client of slow) {
      const ms = await client.closedAfterMs;
      figures.closedWithinMs[client.kind] = Math.max(figures.closedWithinMs[client.kind], ms < 0 ? Infinity : ms);
    }
    for (const { sent, failed, failures } of [without, during]) {
      figures.good.sent += sent;
      figures.good.failed += failed;
      figures.good.failures.push(...failures);
    }
    figures.p99Ms.push({ without: without.p99Ms, with: during.p99Ms });
    progress?.(`round ${round}: p99 ${without.p99Ms.toFixed(1)} → ${during.p99Ms.toFixed(1)} ms`);
    await sleep(SETTLE_MS);
  }
  for (const what of ['body', 'answer'] as const) figures.cut[what] = await stack.metric('sluice_http_slow_clients_total', { what });
  return figures;
}

/** One after the other, since opening hundreds at once would hold up those who measure in this process. */
async function openSlowly(stack: Stack, clients: SlowClientsOptions['clients']): Promise<SlowClient[]> {
  const paths = { body: `/plugins/${SLUG}/x`, endless: `/plugins/${SLUG}/endless` };
  const opened = await Promise.all(KINDS.map((kind) => spread(clients[kind], OPENED_WITHIN_MS, () => new SlowClient(kind, new URL(stack.gatewayUrl), paths))));
  return opened.flat();
}

async function load(stack: Stack, perSecond: number, ms: number): Promise<{ sent: number; failed: number; failures: string[]; p99Ms: number }> {
  const running = new RequestLoad(stack.gatewayUrl, perSecond, [{ path: '/plugins/good/x' }, { path: '/plugins/good/posted', method: 'POST', body: 'x'.repeat(500) }]).start();
  await sleep(ms);
  const { sent, failed, failures, answers } = await running.stop();
  return { sent, failed, failures, p99Ms: percentile(answers.map(({ tookMs }) => tookMs), 0.99) };
}
