import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { type Appetite, type HogFigures, HogRun, type Quiet } from './hog-run';

const APPETITES: readonly Appetite[] = [
  { name: 'holds 1 GiB of memory', path: '/memory/1024', reads: true },
  { name: 'starts 200 processes', path: '/forks/200', reads: true },
  { name: 'opens 15,000 files', path: '/files/15000', reads: true },
  { name: 'writes 1 GiB of logs', path: '/logs/1024', reads: true },
  { name: 'never lets its event loop go', path: '/busy/60', reads: true },
  { name: 'answers with 64 MiB', path: '/answer/64', reads: true },
  { name: 'streams without an end', path: '/endless', reads: true },
  { name: 'streams to one who does not read', path: '/endless', reads: false },
];

/** What an operator would allow. What this machine cannot enforce of it is printed. */
const LIMITS = { PLUGIN_MAX_MEMORY_MB: '512', PLUGIN_MAX_PIDS: '100', PLUGIN_MAX_NOFILE: '1024', PLUGIN_MAX_CPU: '0.5' };

/** `npm run test:hogs` runs this beside a PostgreSQL and a Redis. Exits with 1 when another plugin or the host suffered. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '100' }, only: { type: 'string', default: '' }, 'no-limits': { type: 'boolean', default: false } } });
  const stack = await Stack.start({ environment: values['no-limits'] ? {} : LIMITS });
  try {
    const run = await HogRun.prepare(stack);
    for (const sentence of (await run.status()).not_enforced) console.log(`not enforced here: ${sentence}`);
    for (const appetite of APPETITES.filter(({ name }) => name.includes(values.only))) {
      const figures = await run.measure(appetite, Number(values.seconds), Number(values.rate));
      console.log(describe(figures));
      if (![figures.plugin, figures.host].every(({ before, during }) => isQuiet(before, during))) process.exitCode = 1;
    }
  } finally {
    await stack.close();
  }
}

/** Within twice the time, as far as a machine that does other things as well can tell. */
function isQuiet(before: Quiet, during: Quiet): boolean {
  return during.failed === 0 && during.p99Ms <= 2 * before.p99Ms + 5;
}

function describe({ name, plugin, host, status }: HogFigures): string {
  const line = (who: string, { before, during }: HogFigures['plugin']) =>
    `  ${who.padEnd(14)} p99 ${before.p99Ms.toFixed(1)} → ${during.p99Ms.toFixed(1)} ms (×${(during.p99Ms / before.p99Ms).toFixed(1)}), ${during.failed} failed ${during.failures.slice(0, 2).join('; ')}`;
  return [
    `a plugin that ${name}`,
    line('another plugin', plugin),
    line('the gateway', host),
    `  its status     ${status.state}: ${status.reason || '(no reason)'}`,
    ...(status.crash ? [`  its last crash ${status.crash}`] : []),
    ...status.last_log_lines.filter((text) => /limit|EAGAIN|EMFILE|too many/i.test(text)).slice(-1).map((text) => `  it last wrote  ${text.slice(0, 200)}`),
    ...status.remarks.map((remark) => `                 ${remark}`),
  ].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
