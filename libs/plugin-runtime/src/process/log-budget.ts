import type { Clock } from '@sluice/kernel';

/**
 * What one plugin may add to the host's own log, in a second and at once. A burst has to fit into the pipe that the host's log goes to: a
 * host that finds it full waits, and everybody with it.
 */
const LINES = { perSecond: 500, burst: 150 };
const CHARACTERS = { perSecond: 128 * 1024, burst: 32 * 1024 };

/** Keeps one plugin that floods its output from filling the host's log; what is left out is counted, never silent. */
export class LogBudget {
  private lines = LINES.burst;
  private characters = CHARACTERS.burst;
  private filledAt: number;
  private reportedAt: number;
  private dropped = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onDropped: (lines: number) => void,
  ) {
    this.filledAt = this.reportedAt = clock.now();
  }

  take(line: string): boolean {
    this.fill();
    // A line that is longer than what is left is taken all the same, so that any line can be.
    if (this.lines >= 1 && this.characters > 0) {
      this.lines -= 1;
      this.characters -= line.length;
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

  private fill(): void {
    const now = this.clock.now();
    const seconds = (now - this.filledAt) / 1_000;
    this.filledAt = now;
    this.lines = Math.min(LINES.burst, this.lines + seconds * LINES.perSecond);
    this.characters = Math.min(CHARACTERS.burst, this.characters + seconds * CHARACTERS.perSecond);
    if (now - this.reportedAt < 1_000) return;
    this.reportedAt = now;
    this.report();
  }
}
