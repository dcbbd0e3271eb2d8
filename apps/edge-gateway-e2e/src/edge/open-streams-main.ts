import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { openStreamsRun, type OpenStreamsFigures } from './open-streams-run';

/** `npm run bench:streams-open` runs this beside a PostgreSQL and a Redis. Exits with 1 when an event was lost. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { streams: { type: 'string', default: '5000' }, seconds: { type: 'string', default: '120' } } });
  const stack = await Stack.start();
  try {
    const figures = await openStreamsRun(stack, { streams: Number(values.streams), seconds: Number(values.seconds), progress: (message) => process.stderr.write(`${message}\n`) });
    console.log(describe(figures));
    const { expected, received, outOfOrder } = figures.events;
    process.exitCode = received === expected && outOfOrder === 0 && Object.keys(figures.broken).length === 0 ? 0 : 1;
  } finally {
    await stack.close();
  }
}

function describe({ streams, openedInMs, events, broken, longestGapMs, memory, cpuShare }: OpenStreamsFigures): string {
  const mib = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MiB`;
  return [
    `streams  ${streams}, all open after ${(openedInMs / 1_000).toFixed(1)} s`,
    `events   ${events.received} of ${events.expected}, ${events.outOfOrder} out of order; at most ${longestGapMs.toFixed(0)} ms between two of a stream`,
    `broken   ${Object.keys(broken).length === 0 ? 'none' : JSON.stringify(broken)}`,
    `memory   ${mib(memory.before)} → ${mib(memory.open)} of the gateway: ${(memory.perStream / 1_024).toFixed(1)} KiB a stream`,
    `cpu      ${(cpuShare * 100).toFixed(0)} % of a core, the gateway alone`,
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
