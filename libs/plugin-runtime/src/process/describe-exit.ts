import type { ProcessExit } from './plugin-process';

/** `with exit code 3`, `by signal SIGKILL`: the end of a sentence that says that a process has ended. */
export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return `because it could not be started (${exit.error})`;
  if (exit.signal !== null) return `by signal ${exit.signal}`;
  return `with exit code ${exit.code}`;
}
