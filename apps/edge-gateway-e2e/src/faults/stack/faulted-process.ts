import { join } from 'node:path';
import { repository } from '../../stack/repository';

/** Runs a service with a clock that can be moved and a disk that can fail. Built, because Node runs it. */
export const faultedScript = join(repository, 'apps/edge-gateway-e2e/dist/faults/stack/faulted-main.js');

/** What a disk does to the files of a folder. */
export type DiskFault =
  /** Takes half of what is written, and has no more room. */
  | { kind: 'full'; folder: string }
  /** The process is killed before this operation on it, the first being 0. */
  | { kind: 'killed'; folder: string; operation: number };

/** A line of standard input of such a process. It answers `told <number>;` on standard error. */
export interface FaultCommand {
  number: number;
  clockOffsetMs?: number;
  disk?: DiskFault | null;
}
