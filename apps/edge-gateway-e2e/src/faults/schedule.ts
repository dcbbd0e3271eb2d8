import type { Fault } from './fault';
import { SeededRandom } from './seeded-random';

/** Something that one stack does in one go: a fault with a seed, or with all seeds where they share what was prepared. */
export interface Errand {
  fault: Fault;
  seeds: number[];
}

/** Every fault with every seed. What is longest comes first, so that no stack has much left to do when the others are done; then seed after seed, in an order of its own. */
export function schedule(faults: readonly Fault[], seeds: readonly number[]): Errand[] {
  const [long, short] = [faults.filter(({ around }) => around), faults.filter(({ around }) => !around)];
  return [
    ...long.map((fault) => ({ fault, seeds: [...seeds] })),
    ...seeds.flatMap((seed) => new SeededRandom(seed, 'order').shuffled(short).map((fault) => ({ fault, seeds: [seed] }))),
  ];
}
