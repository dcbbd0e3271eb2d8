import type { FaultRun } from './fault-run';
import type { FaultStack } from './stack/fault-stack';

/** Something that goes wrong, and is over when `run` resolves. */
export interface Fault {
  name: string;
  /**
   * Prepares what takes long and is the same for every seed, and clears it away after `work`, in which one stack runs all seeds of this
   * fault one after the other.
   */
  around?(stack: FaultStack, work: () => Promise<void>): Promise<void>;
  run(run: FaultRun): Promise<void>;
}
