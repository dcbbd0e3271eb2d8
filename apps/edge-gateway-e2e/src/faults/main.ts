import { isToxiproxyMissing, Toxiproxy } from '@sluice/testing';
import { catalogue } from './catalogue';
import { faultOptions } from './options';
import { describeOutcome, describeTimes } from './report';
import type { Outcome } from './run-fault';
import { schedule } from './schedule';
import { Worker, type Work } from './worker';

/** `npm run test:faults`. One line a fault and seed; exits with 1 when anything was not as it has to be, or nothing was run. */
async function main(): Promise<void> {
  const { seeds, only, full, patience, withinSeconds, list, ...wanted } = faultOptions(process.argv.slice(2));
  if (list) return console.log(catalogue.map(({ name }) => name).join('\n'));
  if (isToxiproxyMissing()) return console.log('faults: skipped, for neither toxiproxy-server nor Go, which builds it, is installed here');
  const faults = catalogue.filter(({ name }) => name.includes(only));
  if (faults.length === 0) throw new Error(`No fault has ${JSON.stringify(only)} in its name; --list shows them.`);

  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome): void => {
    outcomes.push(outcome);
    console.log(describeOutcome(outcome));
  };
  const errands = schedule(faults, seeds);
  const stacks = Math.min(wanted.stacks, errands.length);
  const toxiproxy = await Toxiproxy.start();
  try {
    const work: Work = { errands, toxiproxy, terms: { full, patience }, isOver: () => seconds() > withinSeconds, report };
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
  process.exitCode = failed === 0 && outcomes.length > 0 ? 0 : 1;
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
