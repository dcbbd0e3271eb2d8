import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { isNoMore, reloadRun, type ReloadFigures } from './reload-run';

/** `npm run test:reload` runs this beside a PostgreSQL and a Redis. Exits with 1 when anything was lost or left over. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { reloads: { type: 'string', default: '100' }, rate: { type: 'string', default: '200' }, streams: { type: 'string', default: '50' }, workers: { type: 'string', default: '1' } } });
  const stack = await Stack.start({ environment: { GATEWAY_WORKERS: values.workers } });
  try {
    const reloads = Number(values.reloads);
    const figures = await reloadRun(stack, {
      reloads,
      requestsPerSecond: Number(values.rate),
      streams: Number(values.streams),
      progress: (done) => done % 10 === 0 && process.stderr.write(`${done} of ${reloads} reloads\n`),
    });
    console.log(describe(figures));
    const { requests, streams, before, after } = figures;
    process.exitCode = requests.failed === 0 && streams.broken === 0 && isNoMore(after, before) ? 0 : 1;
  } finally {
    await stack.close();
  }
}

function describe({ reloads, seconds, requests, streams, slowestReloadMs, generations, before, after }: ReloadFigures): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const change = (what: 'processes' | 'files' | 'sockets' | 'tcp' | 'folders') => `${before[what]} → ${after[what]}`;
  return [
    `reloads    ${reloads} in ${seconds.toFixed(1)} s, the slowest ${ms(slowestReloadMs)}; at most ${generations} generations at once on the gateway`,
    `requests   ${requests.sent} (${(requests.sent / seconds).toFixed(0)}/s), ${requests.failed} failed; p50 ${ms(requests.p50Ms)}, p99 ${ms(requests.p99Ms)}`,
    `streams    ${streams.completed} completed, ${streams.broken} broken; at most ${streams.open} open at once`,
    `processes  ${change('processes')}`,
    `files      ${change('files')} open in studio and gateway, without sockets`,
    `sockets    ${change('sockets')} to plugins`,
    `tcp        ${change('tcp')} of studio and gateway, with those to clients, Redis and Postgres`,
    `folders    ${change('folders')} of plugin processes`,
    ...requests.failures.map((failure) => `failed     ${failure}`),
    ...streams.breaks.map((failure) => `broken     ${failure}`),
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
