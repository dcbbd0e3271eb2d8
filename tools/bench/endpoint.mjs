/**
 * `npm run bench:endpoint`: what a request with a token to a plugin's endpoint costs, beside raw node:http, a gateway in Go and nginx, from one run.
 * `-- --seconds 3 --rounds 5 --connections 50`; `--plugin-core server` has plugins share the core of what is measured, and not that of the load;
 * `--only reference,lane` measures those whose name has one of these; `--foreign 0.1` is how many cores others may use before a pair is measured again; `--json` prints
 * every figure; `--no-build` takes what was built before.
 */
import { parseArgs } from 'node:util';
import { build, install } from '../launch/prepare.mjs';
import { pinned } from './processes.mjs';

const serverCore = 0;
const loadCore = 1;

function readFlags() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '50' },
      foreign: { type: 'string', default: '0.1' },
      'plugin-core': { type: 'string', default: 'load' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  });
  if (!['load', 'server'].includes(values['plugin-core'])) throw new Error(`--plugin-core is load or server, not ${values['plugin-core']}.`);
  return values;
}

function positive(flags, name) {
  const value = Number(flags[name]);
  const whole = name === 'rounds' || name === 'connections';
  if (!(value > 0) || (whole && !Number.isInteger(value))) throw new Error(`--${name} takes a number above 0, not ${JSON.stringify(flags[name])}.`);
  return value;
}

function progress(message) {
  process.stderr.write(`${message}\n`);
}

async function run(flags) {
  const settings = { pinned, pluginCore: flags['plugin-core'] };
  for (const name of ['seconds', 'rounds', 'connections', 'foreign']) settings[name] = positive(flags, name);
  if (!flags['no-build']) {
    install();
    build();
  }
  // What needs packages is loaded when they are there.
  const [{ startSubjects }, { EndpointPairs }, { summarise, render }] = await Promise.all([import('./endpoint-subjects.mjs'), import('./endpoint-pairs.mjs'), import('./endpoint-report.mjs')]);
  const pluginCore = flags['plugin-core'] === 'load' ? loadCore : serverCore;
  const { subjects, skipped, stop } = await startSubjects({ core: serverCore, pluginCore, only: flags.only });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(1)));
  for (const [name, reason] of Object.entries(skipped)) progress(`skipped: ${name}: ${reason}`);
  try {
    const measured = await new EndpointPairs(subjects, { ...settings, core: loadCore }).measure(progress);
    const summary = summarise(measured, skipped, settings);
    console.log(flags.json ? JSON.stringify(summary, null, 2) : render(summary));
  } finally {
    await stop();
  }
}

try {
  await run(readFlags());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
