import type { ProcessExit } from './plugin-process';

/** `with exit code 3`, `by signal SIGKILL`: the end of a sentence that says that a process has ended. */
export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return `because it could not be started (${exit.error})`;
  const how = exit.signal === null ? `with exit code ${exit.code}` : `by signal ${exit.signal}`;
  return exit.because === undefined ? how : `${how}, ${exit.because}`;
}
