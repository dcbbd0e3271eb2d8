import type { Clock } from '@sluice/kernel';

/** What one plugin may add to the host's own log in a second. */
const LINES_PER_SECOND = 500;
const CHARACTERS_PER_SECOND = 1024 * 1024;

/** Keeps one plugin that floods its output from filling the host's log; what is left out is counted, never silent. */
export class LogBudget {
  private windowStart: number;
  private lines = 0;
  private characters = 0;
  private dropped = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onDropped: (lines: number) => void,
  ) {
    this.windowStart = clock.now();
  }

  take(line: string): boolean {
    const now = this.clock.now();
    if (now - this.windowStart >= 1_000) {
      this.report();
      this.windowStart = now;
      this.lines = 0;
      this.characters = 0;
    }
    if (this.lines < LINES_PER_SECOND && this.characters < CHARACTERS_PER_SECOND) {
      this.lines += 1;
      this.characters += line.length;
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
