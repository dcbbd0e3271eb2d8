/**
 * `npm run bench:stream`: what a piece of a stream costs the gateway over the lane and over @grpc/grpc-js, with the compiled plugin, in pairs; and what an
 * open stream without pieces costs in memory. `-- --streams 1000 --rate 10 --seconds 10 --pairs 3 --idle 10000`; `--no-build` takes what was built before.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, install } from '../launch/prepare.mjs';
import { buildGoPrograms, goIsMissing } from './go-programs.mjs';
import { end, firstLine, start } from './processes.mjs';
import { median } from './statistics.mjs';
import { table } from './table.mjs';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    pairs: { type: 'string', default: '3' },
    idle: { type: 'string', default: '10000' },
    'no-build': { type: 'boolean', default: false },
  },
});
const [streams, rate, seconds, pairs, idle] = [values.streams, values.rate, values.seconds, values.pairs, values.idle].map(Number);
const transports = ['lane', 'grpc-js'];
const settleSeconds = 3;
const serverCore = 0;
const loadCore = 1;

/** A gateway of its own for each measurement, so that its memory is that of these streams. */
async function measure(pluginFile, transport, count, intervalMs) {
  const { startGateway } = await import('./gateway.mjs');
  const gateway = await startGateway({ core: serverCore, pluginCore: loadCore, pluginFile, environment: { PLUGIN_TRANSPORT: transport, GATEWAY_MAX_CONNECTIONS: String(count + 100) } });
  const { pid, pluginPid, port, private: privately } = gateway;
  const load = { pid, pluginPid, port, headers: privately.headers, path: `/plugins/bench/stream?interval_ms=${intervalMs}`, streams: count, settleSeconds, seconds };
  const child = start('stream-load.mjs', { core: loadCore, args: [JSON.stringify(load)] });
  try {
    return JSON.parse(await firstLine(child));
  } finally {
    await end(child);
    await gateway.stop();
  }
}

async function run(plugin) {
  const busy = { lane: [], 'grpc-js': [] };
  const quiet = {};
  for (let pair = 0; pair < pairs; pair++) {
    process.stderr.write(`pair ${pair + 1} of ${pairs}\n`);
    for (const transport of pair % 2 === 0 ? transports : [...transports].reverse()) busy[transport].push(await measure(plugin, transport, streams, Math.round(1_000 / rate)));
  }
  for (const transport of transports) {
    process.stderr.write(`${idle} streams without pieces over ${transport}\n`);
    quiet[transport] = await measure(plugin, transport, idle, 0);
  }
  report(busy, quiet);
  if ([...busy.lane, ...busy['grpc-js'], ...Object.values(quiet)].some(({ lost }) => lost > 0)) process.exitCode = 1;
}

function report(busy, quiet) {
  const of = (transport, name) => median(busy[transport].map((each) => each[name]));
  const rows = transports.map((transport) => [
    transport,
    of(transport, 'eventsPerSecond').toFixed(0),
    of(transport, 'cpuMicroseconds').toFixed(1),
    of(transport, 'pluginMicroseconds').toFixed(1),
    String(busy[transport].reduce((sum, { lost }) => sum + lost, 0)),
    (quiet[transport].bytesPerStream / 1024).toFixed(1),
    of(transport, 'foreignCores').toFixed(2),
  ]);
  const ratio = median(busy.lane.map((each, index) => each.cpuMicroseconds / busy['grpc-js'][index].cpuMicroseconds));
  console.log(`\n${streams} streams of ${rate} pieces a second for ${seconds} s, medians of ${pairs} pairs; ${idle} streams without pieces\n`);
  console.log(table([['', 'pieces/s', 'CPU µs/piece', 'plugin µs', 'lost', 'KiB/idle stream', 'foreign'], ...rows]));
  console.log(`\nThe lane's CPU for a piece is ${ratio.toFixed(2)} of that of @grpc/grpc-js. CPU is that of the gateway alone; memory is what it has in addition, with the client's connection.`);
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  if (goIsMissing) throw new Error('There is no Go here, and the plugin of this benchmark is a program in Go.');
  if (!values['no-build']) {
    install();
    build();
  }
  await run(buildGoPrograms(folder).plugin);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
