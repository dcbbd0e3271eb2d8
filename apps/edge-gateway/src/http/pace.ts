/** The least that has to move in a time. */
export interface LeastPace {
  windowMs: number;
  leastBytes: number;
}

/**
 * Measures in windows whether a transfer moves fast enough: one that pauses for less than a window is well, one that trickles is not, however much it moved
 * before.
 */
export class Pace {
  private beganAtMs = -1;
  private beganWith = 0;

  /** @param moved a counter that only grows. @returns whether a whole window brought less than the least. */
  isTooSlow(nowMs: number, moved: number, { windowMs, leastBytes }: LeastPace): boolean {
    if (this.beganAtMs >= 0) {
      if (nowMs - this.beganAtMs < windowMs) return false;
      if (moved - this.beganWith < leastBytes) return true;
    }
    this.beganAtMs = nowMs;
    this.beganWith = moved;
    return false;
  }

  /** There is nothing to move. */
  rest(): void {
    this.beganAtMs = -1;
  }
}
