import type { FaultRun } from './fault-run';

/** Something that goes wrong, and is over when `run` resolves. */
export interface Fault {
  name: string;
  /** One that takes long is run with the first so many seeds alone; with `--full` with every one. */
  seeds?: number;
  run(run: FaultRun): Promise<void>;
}
