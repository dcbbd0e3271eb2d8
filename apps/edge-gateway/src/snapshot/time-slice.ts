import { setImmediate as nextTurn } from 'node:timers/promises';

/** Requests wait for at most this long behind a piece of work, beside what the garbage collector takes. */
const SLICE_MS = 3;

/** Parts a long piece of work, so that requests are answered in between. */
export class TimeSlice {
  private startedMs = performance.now();

  get isOver(): boolean {
    return performance.now() - this.startedMs >= SLICE_MS;
  }

  /** Lets everything else have its turn, if the slice is over. */
  async pause(): Promise<void> {
    if (!this.isOver) return;
    await nextTurn();
    this.startedMs = performance.now();
  }

  /** Runs a generator to its end, in slices. */
  async run<T>(work: Generator<unknown, T>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (this.isOver) await this.pause();
    }
  }
}

/** Runs a generator to its end in one turn. */
export function runAtOnce<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
