import { parseArgs } from 'node:util';
import { isToxiproxyMissing, Toxiproxy } from '@sluice/testing';
import { catalogue } from './catalogue';
import { describeOutcome, describeTimes } from './report';
import type { Outcome } from './run-fault';
import { schedule } from './schedule';
import { Worker, type Work } from './worker';

/** Two cores are busy with so many, and bounds are kept. */
const STACKS = '3';

/** `npm run test:faults`. One line a fault and seed; exits with 1 when anything was not as it has to be. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      first: { type: 'string', default: '1' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      full: { type: 'boolean', default: false },
      stacks: { type: 'string', default: STACKS },
      patience: { type: 'string', default: '1' },
      within: { type: 'string', default: 'Infinity' },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) return console.log(catalogue.map(({ name }) => name).join('\n'));
  if (isToxiproxyMissing()) return console.log('faults: skipped, for neither toxiproxy-server nor Go, which builds it, is installed here');
  const faults = catalogue.filter(({ name }) => name.includes(values.only));
  if (faults.length === 0) throw new Error(`No fault has ${JSON.stringify(values.only)} in its name; --list shows them.`);
  const seeds = values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, index) => Number(values.first) + index) : [Number(values.seed)];

  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome): void => {
    outcomes.push(outcome);
    console.log(describeOutcome(outcome));
  };
  const errands = schedule(faults, seeds);
  const stacks = Math.min(Number(values.stacks), errands.length);
  const toxiproxy = await Toxiproxy.start();
  try {
    const terms = { full: values.full, patience: Number(values.patience) };
    const work: Work = { errands, toxiproxy, terms, isOver: () => seconds() > Number(values.within), report };
    // One that cannot have a stack ends the run, but not in the middle of what the others do.
    const ends = await Promise.allSettled(Array.from({ length: stacks }, () => new Worker(work).run()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await toxiproxy.close();
  }
  console.log(describeTimes(outcomes));
  const failed = outcomes.filter(({ violations }) => violations.length > 0).length;
  const missing = faults.length * seeds.length - outcomes.length;
  console.log(`faults: ${outcomes.length - failed} passed, ${failed} failed in ${seconds().toFixed(0)} s; ${faults.length} faults with ${seeds.length} seeds on ${stacks} stacks${missing > 0 ? `; the time is over, ${missing} not run` : ''}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
