import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { drainRun, type DrainFigures } from './drain-run';

/** `npm run test:drain` runs this beside a PostgreSQL and a Redis. Exits with 1 when a request was dropped or a stream broken. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { requests: { type: 'string', default: '50000' }, clients: { type: 'string', default: '32' }, streams: { type: 'string', default: '50' }, workers: { type: 'string', default: '1' } } });
  const stack = await Stack.start({ environment: { GATEWAY_WORKERS: values.workers } });
  try {
    const figures = await drainRun(stack, { requests: Number(values.requests), workers: Number(values.clients), streams: Number(values.streams), rolls: 2, progress: (message) => process.stderr.write(`${message}\n`) });
    console.log(describe(figures));
    process.exitCode = figures.dropped === 0 && Object.keys(figures.streamEnds).every((end) => end === 'complete') && figures.exits.every(({ code }) => code === 0) ? 0 : 1;
  } finally {
    await stack.close();
  }
}

function describe({ sent, dropped, drops, exits, streamEnds, streamsOutOfOrder, reconnects }: DrainFigures): string {
  return [
    `requests  ${sent} sent, ${dropped} dropped`,
    `gateways  ${exits.map(({ code, tookMs }) => `ended with ${code} ${(tookMs / 1_000).toFixed(1)} s after SIGTERM`).join('; ')}`,
    `streams   ${JSON.stringify(streamEnds)} on gateways that ended, ${streamsOutOfOrder} events out of order, ${reconnects} reconnects`,
    ...drops.map((drop) => `dropped   ${drop}`),
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
