import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../load/percentile';
import { RequestLoad } from '../load/request-load';
import type { Stack } from '../stack/stack';
import { writePlugin } from '../stack/written-plugin';
import type { SlowKind } from './slow-client';
import { SlowCrowd, type SlowClients } from './slow-crowd';

export interface SlowClientsOptions {
  /** How many there are of each kind. */
  clients: Readonly<Record<SlowKind, number>>;
  /** Of the good clients. */
  requestsPerSecond: number;
  rounds: number;
  /** For how long the gateway is kept busy before anything is measured. */
  warmUpMs: number;
  /** For how long good clients are measured without slow ones, before and after each round. */
  withoutMs: number;
  progress?(message: string): void;
}

export interface SlowClientsFigures {
  /** Until the gateway had ended the last one of a kind; Infinity where one was left. */
  closedWithinMs: Record<SlowKind, number>;
  good: { sent: number; failed: number; failures: string[] };
  /** The good clients' p99 in each round; without slow clients there is one more, since each round has one before it and one behind it. */
  p99Ms: { without: number[]; with: number[] };
  cut: { body: number; answer: number };
}

const SLUG = 'slow';
/** From the opening of the first slow client until the last one has ended. */
export const ROUND_MS = 13_500;
/** One that is late is told by it from one that is left. */
const LATE_MS = 2_000;
const SETTLE_MS = 1_000;
const WARM_UP_RATE = 1_500;
/** So many times as many slow clients as there are in a round. */
const WARM_UP_CROWD = 3;

/**
 * First, over 2.4 s, what fills the buffers of the system between gateway and client, which take about 4 MiB on a loopback, then a little at a time: what is to
 * be seen is not what the plugin costs.
 */
const MEMBERS = `
  endpoints() { return [{ path: '/*', methods: ['GET', 'POST'] }, { path: '/endless', methods: ['GET'], streamResponse: true }]; }
  handleEndpoint() { return 'ok'; }
  async *handleEndpointStream() {
    yield { status: 200 };
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let n = 0; n < 1_000; n++) { yield piece; await new Promise((resolve) => setTimeout(resolve, n < 80 ? 30 : 200)); }
  }
`;

/** Opens many slow connections of each kind within a few seconds, and looks how long they are kept and what good clients notice. */
export async function slowClientsRun(stack: Stack, { clients, requestsPerSecond, rounds, warmUpMs, withoutMs, progress }: SlowClientsOptions): Promise<SlowClientsFigures> {
  const command = writePlugin(stack.folder, SLUG, MEMBERS);
  await stack.api.createEcho(SLUG, {}, { command });
  await stack.untilServing(SLUG);
  await stack.echo('good');
  const figures: Omit<SlowClientsFigures, 'cut'> = { closedWithinMs: { head: 0, body: 0, reader: 0 }, good: { sent: 0, failed: 0, failures: [] }, p99Ms: { without: [], with: [] } };
  const measure = async (which: 'without' | 'with', ms: number) => {
    const { sent, failed, failures, p99Ms } = await load(stack, requestsPerSecond, ms);
    figures.good.sent += sent;
    figures.good.failed += failed;
    figures.good.failures.push(...failures);
    figures.p99Ms[which].push(p99Ms);
    progress?.(`${which} slow clients: p99 ${p99Ms.toFixed(2)} ms`);
  };
  const target = { gatewayUrl: stack.gatewayUrl, paths: { body: `/plugins/${SLUG}/x`, endless: `/plugins/${SLUG}/endless` } };
  await warmUp(stack, { clients: { head: WARM_UP_CROWD * clients.head, body: WARM_UP_CROWD * clients.body, reader: WARM_UP_CROWD * clients.reader }, ...target }, warmUpMs);
  const cutBefore = await cutSoFar(stack);
  await measure('without', withoutMs);
  for (let round = 1; round <= rounds; round++) {
    const closed = await withCrowd(async (crowd) => {
      await sleep(SETTLE_MS);
      crowd.open({ clients, ...target });
      await measure('with', ROUND_MS);
      return crowd.end(LATE_MS);
    });
    for (const { kind, afterMs } of closed) figures.closedWithinMs[kind] = Math.max(figures.closedWithinMs[kind], afterMs < 0 ? Infinity : afterMs);
    await sleep(SETTLE_MS);
    await measure('without', withoutMs);
  }
  const cut = await cutSoFar(stack);
  return { ...figures, cut: { body: cut.body - cutBefore.body, answer: cut.answer - cutBefore.answer } };
}

/** What serves slow clients is still being compiled as well, while the first of them come and go. */
function warmUp(stack: Stack, crowds: SlowClients, ms: number): Promise<unknown> {
  return withCrowd(async (crowd) => {
    crowd.open(crowds);
    await load(stack, WARM_UP_RATE, ms);
    return crowd.end(0);
  });
}

/** Its process would keep this one running when something fails. */
async function withCrowd<T>(work: (crowd: SlowCrowd) => Promise<T>): Promise<T> {
  const crowd = new SlowCrowd();
  try {
    return await work(crowd);
  } finally {
    crowd.kill();
  }
}

async function cutSoFar(stack: Stack): Promise<SlowClientsFigures['cut']> {
  const [body, answer] = await Promise.all(['body', 'answer'].map((what) => stack.metric('sluice_http_slow_clients_total', { what })));
  return { body: body!, answer: answer! };
}

async function load(stack: Stack, perSecond: number, ms: number): Promise<{ sent: number; failed: number; failures: string[]; p99Ms: number }> {
  const running = new RequestLoad(stack.gatewayUrl, perSecond, [{ path: '/plugins/good/x' }, { path: '/plugins/good/posted', method: 'POST', body: 'x'.repeat(500) }]).start();
  await sleep(ms);
  const { sent, failed, failures, answers } = await running.stop();
  return { sent, failed, failures, p99Ms: percentile(answers.map(({ tookMs }) => tookMs), 0.99) };
}
