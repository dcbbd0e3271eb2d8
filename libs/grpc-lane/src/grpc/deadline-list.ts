/** What ends at a time of its own. The links belong to the list that it is in. */
export interface Timed {
  /** Milliseconds of the clock of `performance.now()`. */
  deadlineMs: number;
  earlier: Timed | undefined;
  later: Timed | undefined;
  onDeadline(): void;
}

/** Late deadlines cost nothing; early ones would break the promise. */
const GRACE_MS = 1;

/**
 * Deadlines in their order, with one timer for all of them. Calls of one kind have the same time, so a new deadline is nearly always the
 * last one, and finding its place is one comparison.
 */
export class DeadlineList {
  private first: Timed | undefined;
  private last: Timed | undefined;
  private timer: NodeJS.Timeout | undefined;
  private timerAtMs = Infinity;

  add(entry: Timed): void {
    let before = this.last;
    while (before && before.deadlineMs > entry.deadlineMs) before = before.earlier;
    const after = before ? before.later : this.first;
    entry.earlier = before;
    entry.later = after;
    if (before) before.later = entry;
    else this.first = entry;
    if (after) after.earlier = entry;
    else this.last = entry;
    if (entry.deadlineMs < this.timerAtMs) this.arm(entry.deadlineMs);
  }

  /** Harmless for an entry that is in no list. */
  delete(entry: Timed): void {
    const { earlier, later } = entry;
    if (!earlier && this.first !== entry) return;
    if (earlier) earlier.later = later;
    else this.first = later;
    if (later) later.earlier = earlier;
    else this.last = earlier;
    entry.earlier = entry.later = undefined;
    // The timer stays: it is late for nobody, and the next entries need it anyway.
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timerAtMs = Infinity;
    this.first = this.last = undefined;
  }

  private arm(atMs: number): void {
    clearTimeout(this.timer);
    this.timerAtMs = atMs;
    this.timer = setTimeout(expire, Math.min(Math.max(0, atMs - performance.now()) + GRACE_MS, 0x7fff_ffff), this);
    // A connection keeps the process alive, its deadlines do not.
    this.timer.unref();
  }

  expire(): void {
    this.timerAtMs = Infinity;
    const now = performance.now();
    for (let entry = this.first; entry && entry.deadlineMs <= now; entry = this.first) {
      this.delete(entry);
      entry.onDeadline();
    }
    if (this.first) this.arm(this.first.deadlineMs);
  }
}

function expire(list: DeadlineList): void {
  list.expire();
}
