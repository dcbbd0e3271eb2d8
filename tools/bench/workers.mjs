/**
 * `npm run bench:workers`: how many more requests a gateway answers with two workers than as one process. Two cores are too few to see it beside the
 * load and the plugin, so every process that answers requests gets the same small part of a core (`--share 0.25`), with the cgroup of version 1 or 2
 * that it takes, and all else has the rest: what counts is how two parts compare with one. Also without that, with both cores for everybody.
 * `--seconds 5 --rounds 5 --connections 50 --workers 2`; `--no-build` takes what was built before. Needs root.
 */
import { parseArgs } from 'node:util';
import { build, install } from '../launch/prepare.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '50' },
    workers: { type: 'string', default: '2' },
    share: { type: 'string', default: '0.25' },
    'no-build': { type: 'boolean', default: false },
  },
});

try {
  if (!values['no-build']) {
    install();
    build();
  }
  const { compareWorkers } = await import('./workers-run.mjs');
  const [seconds, rounds, connections, workers, share] = ['seconds', 'rounds', 'connections', 'workers', 'share'].map((name) => Number(values[name]));
  console.log(await compareWorkers({ seconds, rounds, connections, workers, share, progress: (text) => process.stderr.write(`${text}\n`) }));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
