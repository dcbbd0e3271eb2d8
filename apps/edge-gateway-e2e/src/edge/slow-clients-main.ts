import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { percentile } from '../load/percentile';
import { besideNeighbours, describeRatios } from './ratio-of-rounds';
import { ROUND_MS, slowClientsRun, type SlowClientsFigures, type SlowClientsOptions } from './slow-clients-run';

const LIMIT_MS = 12_000;
const WARM_UP_MS = 20_000;
const BOUND = 1.1;

/** `npm run bench:slow-clients` runs this beside a PostgreSQL and a Redis. Exits with 1 when a slow client was kept, or a good one noticed. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { clients: { type: 'string', default: '300' }, rate: { type: 'string', default: '200' }, rounds: { type: 'string', default: '12' } } });
  // One who does not read has the gateway and the system move and keep megabytes first, so there are fewer of those.
  const all = Number(values.clients);
  const readers = Math.ceil(all / 30);
  const clients = { head: Math.ceil((all - readers) / 2), body: Math.floor((all - readers) / 2), reader: readers };
  const stack = await Stack.start();
  try {
    const figures = await slowClientsRun(stack, { clients, requestsPerSecond: Number(values.rate), rounds: Number(values.rounds), warmUpMs: WARM_UP_MS, withoutMs: ROUND_MS, progress: (message) => process.stderr.write(`${message}\n`) });
    console.log(describe(figures, clients));
    const kept = Object.values(figures.closedWithinMs).some((ms) => ms > LIMIT_MS);
    process.exitCode = !kept && figures.good.failed === 0 && percentile(ratiosOf(figures), 0.5) <= BOUND ? 0 : 1;
  } finally {
    await stack.close();
  }
}

/** Of each round, with slow clients against without. */
function ratiosOf({ p99Ms }: SlowClientsFigures): number[] {
  return besideNeighbours(p99Ms.with, p99Ms.without, p99Ms.without.slice(1));
}

/** What the same figure says where there is no difference: each measurement without slow clients against its neighbours. */
function noiseOf({ p99Ms: { without } }: SlowClientsFigures): number[] {
  return besideNeighbours(without.slice(1, -1), without, without.slice(2));
}

function describe(figures: SlowClientsFigures, clients: SlowClientsOptions['clients']): string {
  const seconds = (ms: number) => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never');
  const line = (p99s: readonly number[]) => `${percentile(p99s, 0.5).toFixed(2)} ms (${p99s.map((ms) => ms.toFixed(1)).join(', ')})`;
  const { closedWithinMs: closed, good, p99Ms, cut } = figures;
  return [
    `slow   ${clients.head} heads ended within ${seconds(closed.head)}, ${clients.body} bodies within ${seconds(closed.body)}, ${clients.reader} readers within ${seconds(closed.reader)}; cut off for pace: ${cut.body} bodies, ${cut.answer} readers`,
    `good   ${good.sent} requests, ${good.failed} failed`,
    `p99    ${line(p99Ms.with)}; without slow clients ${line(p99Ms.without)}`,
    `ratio  ${describeRatios(ratiosOf(figures))}`,
    `noise  ${describeRatios(noiseOf(figures))} (the same, without any slow clients)`,
    ...good.failures.slice(0, 5).map((failure) => `failed ${failure}`),
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
