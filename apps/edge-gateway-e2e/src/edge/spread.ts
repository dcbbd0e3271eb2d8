import { setTimeout as sleep } from 'node:timers/promises';

/** Calls `open` so many times, one after the other, evenly over this time however many there are: a timer of Node waits for a millisecond at least. */
export async function spread<T>(times: number, withinMs: number, open: () => T): Promise<T[]> {
  const began = performance.now();
  const opened: T[] = [];
  for (let count = 0; count < times; count++) {
    const early = began + (count * withinMs) / times - performance.now();
    if (early > 0) await sleep(early);
    opened.push(open());
  }
  return opened;
}
