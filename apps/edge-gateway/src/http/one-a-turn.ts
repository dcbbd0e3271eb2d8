import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does something with one after the other, each in a turn of the event loop of its own: where it is due for many at once, requests that
 * arrive meanwhile do not wait for all of them.
 */
export class OneATurn<T> {
  private readonly waiting = new Set<T>();
  private working = false;

  constructor(private readonly act: (one: T) => void) {}

  /** The first is done at once. Nothing changes for one that waits already. */
  add(one: T): void {
    this.waiting.add(one);
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    // Those that are added meanwhile are come upon as well.
    for (const one of this.waiting) {
      this.waiting.delete(one);
      this.act(one);
      await nextTurn();
    }
    this.working = false;
  }
}
