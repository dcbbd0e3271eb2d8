import type { Checker } from './checker';
import type { Fault } from './fault';
import { CONVERGED_MS, FaultRun, type Terms } from './fault-run';
import type { Facts } from './facts';
import { SeededRandom } from './seeded-random';
import type { FaultStack } from './stack/fault-stack';

/** How one fault went with one seed. */
export interface Outcome {
  fault: string;
  seed: number;
  seconds: number;
  violations: string[];
}

export interface Seat {
  stack: FaultStack;
  facts: Facts;
  checker: Checker;
  terms: Terms;
}

/** Lets a fault happen, and says what was not as it has to be, during it and after it. */
export async function runFault(fault: Fault, seed: number, { stack, facts, checker, terms }: Seat): Promise<Outcome> {
  const began = performance.now();
  const run = new FaultRun(stack, facts, checker, new SeededRandom(seed, fault.name), seed, terms);
  try {
    await run.doom();
    await fault.run(run);
    const over = performance.now();
    const left = () => Math.max(1, CONVERGED_MS - (performance.now() - over) / terms.patience);
    await run.revoke();
    await Promise.all([run.reaches(await run.change(), stack.gateways, CONVERGED_MS), run.refuses()]);
    await run.agree(left());
  } catch (error) {
    checker.violation(describeError(error));
  }
  return { fault: fault.name, seed, seconds: (performance.now() - began) / 1_000, violations: checker.takeViolations() };
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
