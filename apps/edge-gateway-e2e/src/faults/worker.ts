import type { Toxiproxy } from '@sluice/testing';
import type { Terms } from './fault-run';
import { describeError, runFault, type Outcome } from './run-fault';
import type { Errand } from './schedule';
import { Table } from './table';

export interface Work {
  /** What is left to do; workers take from its front. */
  errands: Errand[];
  toxiproxy: Toxiproxy;
  terms: Terms;
  /** Nothing is begun any more. */
  isOver(): boolean;
  report(outcome: Outcome): void;
}

/** Does errands on a stack of its own, until none is left. After a fault that failed it takes another stack: what is broken by now is no matter of the next one. */
export class Worker {
  private table: Table | undefined;

  constructor(private readonly work: Work) {}

  async run(): Promise<void> {
    const { errands } = this.work;
    try {
      for (let errand = errands.shift(); errand; errand = errands.shift()) {
        if (this.work.isOver()) return;
        await this.do(errand);
      }
    } finally {
      await this.clear();
    }
  }

  private async do({ fault, seeds }: Errand): Promise<void> {
    const { toxiproxy, terms, report, errands } = this.work;
    const left = [...seeds];
    this.table ??= await Table.lay(toxiproxy, terms);
    const { seat } = this.table;
    let failed = false;
    const runAll = async (): Promise<void> => {
      while (left.length > 0 && !failed && !this.work.isOver()) {
        const outcome = await runFault(fault, left.shift()!, seat);
        report(outcome);
        failed = outcome.violations.length > 0;
      }
    };
    try {
      await (fault.around ? fault.around(seat.stack, runAll) : runAll());
    } catch (error) {
      if (!failed) report({ fault: fault.name, seed: left.shift() ?? seeds.at(-1)!, seconds: 0, violations: [describeError(error)] });
      failed = true;
    }
    if (!failed) return;
    await this.clear();
    if (left.length > 0) errands.unshift({ fault, seeds: left });
  }

  private async clear(): Promise<void> {
    const { table } = this;
    this.table = undefined;
    await table?.clear();
  }
}
