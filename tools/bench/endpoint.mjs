/**
 * `npm run bench:endpoint`: what a request to a plugin's endpoint costs, against raw node:http, from one run.
 * `--seconds 5 --rounds 5 --connections 50`; `--json` prints every figure; `--no-build` takes what was built before.
 */
import { parseArgs } from 'node:util';
import { build, install } from '../launch/prepare.mjs';
import { end, firstLine, pinned, start } from './processes.mjs';
import { render, summarise } from './report.mjs';

const warmupSeconds = 3;
/** Before each measured window: connections open, and the caches of the core are the server's again. */
const settleSeconds = 0.5;
const serverCore = 0;
const loadCore = 1;

let flags;
let settings;

function readFlags() {
  ({ values: flags } = parseArgs({
    options: {
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  }));
  settings = { seconds: positive('seconds'), rounds: positive('rounds'), connections: positive('connections'), pinned };
}

function positive(name) {
  const value = Number(flags[name]);
  if (!(value > 0) || (name !== 'seconds' && !Number.isInteger(value))) throw new Error(`--${name} takes a number above 0, not ${JSON.stringify(flags[name])}.`);
  return value;
}

function progress(message) {
  process.stderr.write(`${message}\n`);
}

async function measure(subject, seconds, warmup) {
  const child = start('load.mjs', { core: loadCore, args: [JSON.stringify({ ...subject, connections: settings.connections, warmupSeconds: warmup, seconds })] });
  const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + warmup) * 1000 + 30_000);
  try {
    return JSON.parse(await firstLine(child));
  } finally {
    clearTimeout(timer);
    await end(child);
  }
}

async function run() {
  if (!flags['no-build']) {
    install();
    build();
  }
  // What needs packages is loaded when they are there.
  const { startGateway } = await import('./gateway.mjs');
  const hello = start('hello.mjs', { core: serverCore });
  const helloPort = Number(await firstLine(hello));
  const gateway = await startGateway(serverCore).catch(async (error) => {
    await end(hello);
    throw error;
  });
  const stop = () => Promise.all([end(hello), gateway.stop()]);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(1)));
  try {
    return await measureAll({
      'node:http hello': { pid: hello.pid, port: helloPort, path: '/' },
      'endpoint without auth': { pid: gateway.pid, port: gateway.port, ...gateway.open },
      'endpoint with auth': { pid: gateway.pid, port: gateway.port, ...gateway.private },
    });
  } finally {
    await stop();
  }
}

async function measureAll(subjects) {
  const entries = Object.entries(subjects);
  const samples = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (const [name, subject] of entries) {
    progress(`warming up: ${name}`);
    await measure(subject, warmupSeconds, 0);
  }
  for (let round = 1; round <= settings.rounds; round++) {
    progress(`round ${round} of ${settings.rounds}`);
    // Forwards and backwards, so that a machine that gets slower or faster meanwhile is in all alike.
    for (const [name, subject] of round % 2 === 1 ? entries : [...entries].reverse()) samples[name].push(await measure(subject, settings.seconds, settleSeconds));
  }
  return summarise(samples, settings);
}

try {
  readFlags();
  const summary = await run();
  console.log(flags.json ? JSON.stringify(summary, null, 2) : render(summary));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
