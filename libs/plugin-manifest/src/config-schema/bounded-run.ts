import { createContext, Script } from 'node:vm';

/** Raised by `boundedRun` when the time is up. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

const script = new Script('run()');

/**
 * Runs synchronous code that its author may have made endless, and ends it when the time is up; regular expressions included.
 * @throws OutOfTime
 */
export function boundedRun<T>(timeoutMs: number, run: () => T): T {
  let outcome: { value: T } | undefined;
  try {
    script.runInContext(
      createContext({
        run: () => {
          outcome = { value: run() };
        },
      }),
      { timeout: timeoutMs },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new OutOfTime();
    throw error;
  }
  if (outcome === undefined) throw new OutOfTime();
  return outcome.value;
}
