/** The least that has to move in a time. */
export interface LeastPace {
  windowMs: number;
  leastBytes: number;
}

/** So exactly is it known when a window began, and so much is remembered of a transfer at most. */
const STEPS = 16;

/**
 * Whether a transfer moves fast enough, looking back over one window at any time: one that pauses for less than a window is well, one that trickles or
 * has stopped is not, however much it moved before.
 */
export class Pace {
  /** The first is from the beginning of the window, or from when there was something to move. */
  private readonly seen: { atMs: number; moved: number }[] = [];

  /** To be asked several times in a window. @param moved a counter that only grows. @returns whether the last whole window brought less than the least. */
  isTooSlow(nowMs: number, moved: number, { windowMs, leastBytes }: LeastPace): boolean {
    const { seen } = this;
    if (nowMs - (seen.at(-1)?.atMs ?? -Infinity) >= windowMs / STEPS) seen.push({ atMs: nowMs, moved });
    while (seen.length > 1 && seen[1]!.atMs <= nowMs - windowMs) seen.shift();
    const [first] = seen;
    return first !== undefined && nowMs - first.atMs >= windowMs && moved - first.moved < leastBytes;
  }

  /** There is nothing to move. */
  rest(): void {
    this.seen.length = 0;
  }
}
