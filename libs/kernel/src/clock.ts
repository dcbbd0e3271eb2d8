/** Time as a collaborator, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after `delayMs`; the result cancels it. The timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * For spans of time: milliseconds since this process began. Whoever sets the clock of the machine does not move it, so that nothing lasts
 * an hour longer because of that.
 */
export const monotonicClock: Clock = { now: () => performance.now(), after: systemClock.after };

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  private timers: { at: number; callback: () => void }[] = [];

  constructor(private current = 0) {}

  now(): number {
    return this.current;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.current + delayMs, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Moves time forward and fires what falls due, in order. */
  advance(ms: number): void {
    const target = this.current + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= target).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.current = due.at;
      due.callback();
    }
    this.current = target;
  }
}
