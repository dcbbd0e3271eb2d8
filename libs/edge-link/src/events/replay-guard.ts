/** How far the clocks of two planes may be apart, and how old an event may be when it arrives. */
const WINDOW_MS = 60_000;
const CAPACITY = 100_000;
const BUCKET_MS = 1_000;

export type Admission = 'new' | 'stale' | 'duplicate';

/**
 * Lets each event in once. The ids of the window are remembered, and what is older than the window, than this guard, or than what had to
 * be forgotten is refused, so that there is no time at which a recorded message could be sent again with success.
 */
export class ReplayGuard {
  private readonly buckets = new Map<number, Set<string>>();
  private count = 0;
  private floor: number;

  constructor(
    private readonly now: () => number = Date.now,
    private readonly capacity = CAPACITY,
  ) {
    this.floor = now();
  }

  admit(id: string, sentAt: number): Admission {
    // The clock was fast and has been put right. What was sent before now stays refused, and what was let in is still known.
    if (this.floor > this.now() + WINDOW_MS) this.floor = this.now();
    this.forget(this.now() - WINDOW_MS);
    if (!(sentAt >= this.floor) || Math.abs(this.now() - sentAt) > WINDOW_MS) return 'stale';
    for (const ids of this.buckets.values()) if (ids.has(id)) return 'duplicate';
    this.remember(id, sentAt);
    return 'new';
  }

  private remember(id: string, sentAt: number): void {
    const start = sentAt - (sentAt % BUCKET_MS);
    const ids = this.buckets.get(start) ?? new Set();
    this.buckets.set(start, ids.add(id));
    this.count += 1;
    while (this.count > this.capacity) this.forget(Math.min(...this.buckets.keys()) + BUCKET_MS);
  }

  /** Everything that was sent before. */
  private forget(before: number): void {
    for (const [start, ids] of this.buckets) {
      const end = start + BUCKET_MS;
      if (end > before) continue;
      this.buckets.delete(start);
      this.count -= ids.size;
      this.floor = Math.max(this.floor, end);
    }
  }
}
