import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitForOptions {
  /** Default 10 s. */
  timeoutMs?: number;
  /** Default 25 ms. */
  intervalMs?: number;
  /** What was waited for; a function is asked when the time is over, so that it can tell how far things got. */
  message?: string | (() => string);
}

type Unanswered = undefined | null | false | 0 | '';

/**
 * Asks again and again until the answer is truthy, and returns that answer. A predicate that throws has not answered yet; its last error is the
 * cause of the one thrown when the time is over.
 */
export async function waitFor<T>(predicate: () => T | Promise<T>, { timeoutMs = 10_000, intervalMs = 25, message }: WaitForOptions = {}): Promise<Exclude<T, Unanswered>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await predicate();
      if (answer) return answer as Exclude<T, Unanswered>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(sentence(timeoutMs, message), cause === undefined ? undefined : { cause });
    await sleep(intervalMs);
  }
}

function sentence(timeoutMs: number, message: WaitForOptions['message']): string {
  const what = typeof message === 'function' ? message() : message;
  return `${what ?? 'What the test waits for'}: not within ${timeoutMs} ms`;
}
