/** What ends at a time of its own. */
export interface Timed {
  /** Milliseconds of the clock of `performance.now()`. Does not change while it is in a list. */
  readonly deadlineMs: number;
  /** Where it stands in the list that it is in, which keeps it up to date; -1 in none. */
  place: number;
  onDeadline(): void;
}

/** Late deadlines cost nothing; early ones would break the promise. */
const GRACE_MS = 1;

const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * Deadlines with one timer for all of them, as a binary heap: a channel may hold ten thousand streams of minutes beside calls of
 * seconds, and neither adding nor deleting one may look at all others.
 */
export class DeadlineList<Entry extends Timed = Timed> {
  private readonly heap: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private timerAtMs = Infinity;

  get size(): number {
    return this.heap.length;
  }

  /** All that are in it now, in no order. */
  list(): Entry[] {
    return [...this.heap];
  }

  add(entry: Entry): void {
    this.rise(entry, this.heap.length);
    if (entry.deadlineMs < this.timerAtMs) this.arm(entry.deadlineMs);
  }

  /** Harmless for an entry that is in no list. */
  delete(entry: Entry): void {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = this.heap.pop()!;
    // The timer stays: it is late for nobody, and the next entries need it anyway.
    if (last === entry) return;
    if (place > 0 && last.deadlineMs < this.heap[(place - 1) >> 1]!.deadlineMs) this.rise(last, place);
    else this.sink(last, place);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timerAtMs = Infinity;
    for (const entry of this.heap.splice(0)) entry.place = -1;
  }

  /** Puts it at this free place, or at one nearer to the first. */
  private rise(entry: Entry, from: number): void {
    const { heap } = this;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above]!;
      if (parent.deadlineMs <= entry.deadlineMs) break;
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    heap[place] = entry;
    entry.place = place;
  }

  /** Puts it at this free place, or at one further from the first. */
  private sink(entry: Entry, from: number): void {
    const { heap } = this;
    let place = from;
    for (let below = 2 * place + 1; below < heap.length; below = 2 * place + 1) {
      if (below + 1 < heap.length && heap[below + 1]!.deadlineMs < heap[below]!.deadlineMs) below += 1;
      const child = heap[below]!;
      if (child.deadlineMs >= entry.deadlineMs) break;
      heap[place] = child;
      child.place = place;
      place = below;
    }
    heap[place] = entry;
    entry.place = place;
  }

  private arm(atMs: number): void {
    clearTimeout(this.timer);
    this.timerAtMs = atMs;
    this.timer = setTimeout(expire, Math.min(Math.max(0, atMs - performance.now()) + GRACE_MS, LONGEST_TIMER_MS), this);
    // A connection keeps the process alive, its deadlines do not.
    this.timer.unref();
  }

  expire(): void {
    this.timerAtMs = Infinity;
    const now = performance.now();
    for (let first = this.heap[0]; first && first.deadlineMs <= now; first = this.heap[0]) {
      this.delete(first);
      first.onDeadline();
    }
    if (this.heap[0]) this.arm(this.heap[0].deadlineMs);
  }
}

function expire(list: DeadlineList): void {
  list.expire();
}
