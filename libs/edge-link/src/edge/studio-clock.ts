/** A clock of which this one may be off by so much without anybody noticing. */
const TOLERANCE_MS = 1_000;

/**
 * The studio's time as far as this process knows it. What a gateway signs is dated by it, so that a gateway whose own clock is hours
 * off is believed all the same. Until the studio has answered once, it is the clock of this machine.
 */
export class StudioClock {
  private offsetMs = 0;

  constructor(private readonly local: () => number = Date.now) {}

  now(): number {
    return this.local() + this.offsetMs;
  }

  /** Takes over the studio's time from an answer. @returns whether that moves this clock. */
  learn(studioTimeMs: number): boolean {
    const offsetMs = studioTimeMs - this.local();
    if (!Number.isFinite(offsetMs) || studioTimeMs <= 0 || Math.abs(offsetMs - this.offsetMs) <= TOLERANCE_MS) return false;
    // A machine whose clock is right keeps its own: what an answer takes on its way is no fault of a clock.
    this.offsetMs = Math.abs(offsetMs) <= TOLERANCE_MS ? 0 : offsetMs;
    return true;
  }
}
