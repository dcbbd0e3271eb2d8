import { parseArgs } from 'node:util';
import { isToxiproxyMissing } from '@sluice/testing';
import { echoCommand } from '../stack/repository';
import { catalogue } from './catalogue';
import { Checker } from './checker';
import { Facts } from './facts';
import type { Fault } from './fault';
import { type Outcome, orderOf, runFault, type Seat } from './schedule';
import { FaultStack } from './stack/fault-stack';
import { FaultRun, type Terms } from './fault-run';
import { SeededRandom } from './seeded-random';
import { Traffic } from './traffic';

/** `npm run test:faults`. One line a fault and seed; exits with 1 when anything was not as it has to be. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      full: { type: 'boolean', default: false },
      patience: { type: 'string', default: '1' },
      within: { type: 'string', default: 'Infinity' },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) return console.log(catalogue.map(({ name }) => name).join('\n'));
  if (isToxiproxyMissing()) return console.log('faults: skipped, for neither toxiproxy-server nor Go, which builds it, is installed here');
  const faults = catalogue.filter(({ name }) => name.includes(values.only));
  if (faults.length === 0) throw new Error(`No fault has ${JSON.stringify(values.only)} in its name; --list shows them.`);
  const seeds = values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, index) => index + 1) : [Number(values.seed)];
  const terms: Terms = { full: values.full, patience: Number(values.patience) };
  const planned = seeds.flatMap((seed) => orderOf(faults, seed, terms.full, seeds.length).map((fault) => ({ seed, fault })));

  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const outcomes: Outcome[] = [];
  let table: Table | undefined;
  try {
    for (const { seed, fault } of planned) {
      if (seconds() > Number(values.within)) break;
      table ??= await lay(terms);
      const outcome = await runFault(fault, seed, table.seat);
      outcomes.push(outcome);
      console.log(describe(outcome));
      if (outcome.violations.length === 0) continue;
      process.exitCode = 1;
      // What is broken by now is no matter of the next one.
      await table.clear();
      table = undefined;
    }
  } finally {
    await table?.clear();
  }
  const failed = outcomes.filter(({ violations }) => violations.length > 0).length;
  console.log(`faults: ${outcomes.length - failed} passed, ${failed} failed in ${seconds().toFixed(0)} s; ${remarks(faults, seeds, planned, outcomes, terms).join('; ')}`);
}

/** What was left out, and why. */
function remarks(faults: readonly Fault[], seeds: readonly number[], planned: readonly unknown[], outcomes: readonly Outcome[], { full }: Terms): string[] {
  const fewer = full || seeds.length === 1 ? [] : faults.filter((fault) => (fault.seeds ?? Infinity) < seeds.length);
  return [
    `${faults.length} faults with ${seeds.length} seeds`,
    ...fewer.map(({ name, seeds: count }) => `${name}: with ${count} alone`),
    ...(outcomes.length < planned.length ? [`the time is over: ${planned.length - outcomes.length} of ${planned.length} not run, from seed ${outcomes.at(-1)?.seed ?? 1} on`] : []),
  ];
}

interface Table {
  seat: Seat;
  clear(): Promise<void>;
}

/** A stack that serves, with traffic on every gateway. */
async function lay(terms: Terms): Promise<Table> {
  const stack = await FaultStack.start();
  const facts = new Facts();
  const checker = new Checker();
  const traffic = stack.gateways.map((gateway) => new Traffic(gateway, facts.apps, checker));
  const clear = async (): Promise<void> => {
    await Promise.all(traffic.map((each) => each.stop()));
    await stack.close();
  };
  try {
    await facts.prepare(stack.api, echoCommand);
    const run = new FaultRun(stack, facts, checker, new SeededRandom(0), terms);
    for (const gateway of stack.gateways) await run.served(gateway);
    traffic.forEach((each) => each.start());
    await run.reaches(await run.change());
    return { seat: { stack, facts, checker, terms }, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

function describe({ fault, seed, seconds, violations }: Outcome): string {
  const line = `${violations.length === 0 ? 'ok    ' : 'FAILED'}  ${fault}, seed ${seed}  (${seconds.toFixed(1)} s)`;
  if (violations.length === 0) return line;
  return [line, ...violations.map((violation) => `        ${violation}`), `        Repeat it: npm run test:faults -- --seed ${seed} --only ${JSON.stringify(fault)}`].join('\n');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
