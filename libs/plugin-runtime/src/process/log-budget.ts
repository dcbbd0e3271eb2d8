import type { Clock } from '@sluice/kernel';

/** Lines per second that one plugin may add to the host's own log. */
const LINES_PER_SECOND = 500;

/** Keeps one plugin that floods its output from filling the host's log; what is left out is counted, never silent. */
export class LogBudget {
  private windowStart: number;
  private used = 0;
  private dropped = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onDropped: (lines: number) => void,
  ) {
    this.windowStart = clock.now();
  }

  take(): boolean {
    const now = this.clock.now();
    if (now - this.windowStart >= 1_000) {
      this.report();
      this.windowStart = now;
      this.used = 0;
    }
    if (this.used < LINES_PER_SECOND) {
      this.used += 1;
      return true;
    }
    this.dropped += 1;
    return false;
  }

  /** Tells what was left out since the last time. */
  report(): void {
    if (this.dropped > 0) this.onDropped(this.dropped);
    this.dropped = 0;
  }
}
