/** So much at once, and so much a second in the long run. */
export class TokenBucket {
  private filled: number;

  constructor(
    private readonly perSecond: number,
    private readonly capacity: number,
    private at: number,
  ) {
    this.filled = capacity;
  }

  /** Takes `amount` when it is there. */
  take(amount: number, nowMs: number): boolean {
    this.filled = Math.min(this.capacity, this.filled + ((nowMs - this.at) / 1_000) * this.perSecond);
    this.at = nowMs;
    if (amount > this.filled) return false;
    this.filled -= amount;
    return true;
  }
}
