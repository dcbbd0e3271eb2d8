import { parseArgs } from 'node:util';
import { percentile } from '../load/percentile';
import { Stack } from '../stack/stack';
import { slowClientsRun, type SlowClientsFigures, type SlowClientsOptions } from './slow-clients-run';

const LIMIT_MS = 12_000;
const WARM_UP_MS = 20_000;
const BOUND = 1.1;

/** `npm run bench:slow-clients` runs this beside a PostgreSQL and a Redis. Exits with 1 when a slow client was kept, or a good one noticed. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { clients: { type: 'string', default: '300' }, rate: { type: 'string', default: '200' }, rounds: { type: 'string', default: '5' } } });
  // One who does not read has the gateway and the system move and keep megabytes first, so there are fewer of those.
  const all = Number(values.clients);
  const readers = Math.ceil(all / 30);
  const clients = { head: Math.ceil((all - readers) / 2), body: Math.floor((all - readers) / 2), reader: readers };
  const stack = await Stack.start();
  try {
    const figures = await slowClientsRun(stack, { clients, requestsPerSecond: Number(values.rate), rounds: Number(values.rounds), warmUpMs: WARM_UP_MS, progress: (message) => process.stderr.write(`${message}\n`) });
    console.log(describe(figures, clients));
    const kept = Object.values(figures.closedWithinMs).some((ms) => ms > LIMIT_MS);
    process.exitCode = !kept && figures.good.failed === 0 && ratioOf(figures) <= BOUND ? 0 : 1;
  } finally {
    await stack.close();
  }
}

/** The median of the rounds: each has its noise. */
function ratioOf({ p99Ms }: SlowClientsFigures): number {
  return percentile(p99Ms.map((round) => round.with / round.without), 0.5);
}

function describe(figures: SlowClientsFigures, clients: SlowClientsOptions['clients']): string {
  const seconds = (ms: number) => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never');
  const { closedWithinMs: closed, good, p99Ms, cut } = figures;
  return [
    `slow   ${clients.head} heads ended within ${seconds(closed.head)}, ${clients.body} bodies within ${seconds(closed.body)}, ${clients.reader} readers within ${seconds(closed.reader)}; cut off for pace: ${cut.body} bodies, ${cut.answer} readers`,
    `good   ${good.sent} requests, ${good.failed} failed`,
    `p99    ×${ratioOf(figures).toFixed(2)} (median of ${p99Ms.map((round) => `${round.without.toFixed(1)} → ${round.with.toFixed(1)} ms`).join(', ')})`,
    ...good.failures.slice(0, 5).map((failure) => `failed ${failure}`),
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
