const FIRST_MS = 500;
const LONGEST_MS = 60_000;
const SPREAD = 0.2;

/**
 * How long the next start waits: 0.5 s doubling to 60 s, ±20 % so that plugins that fell together do not rise together. A plugin that
 * was serving well is restarted at once the first time, because its callers are waiting.
 */
export class RestartDelay {
  private failures = 0;
  private restartedAtOnce = false;

  constructor(private readonly random: () => number = Math.random) {}

  /** `served`: whether it was serving when it fell, as opposed to a start that failed. */
  next(served: boolean): number {
    if (served && this.failures === 0 && !this.restartedAtOnce) {
      this.restartedAtOnce = true;
      return 0;
    }
    const base = Math.min(FIRST_MS * 2 ** this.failures, LONGEST_MS);
    this.failures += 1;
    return Math.round(base * (1 - SPREAD + this.random() * 2 * SPREAD));
  }

  reset(): void {
    this.failures = 0;
    this.restartedAtOnce = false;
  }
}
