import type { Fault } from './fault';
import { schedule } from './schedule';

const fault = (name: string, more: Partial<Fault> = {}): Fault => ({ name, run: async () => undefined, ...more });

describe('the schedule of the faults', () => {
  const faults = [fault('a'), fault('b'), fault('c'), fault('large', { around: (_, work) => work() })];

  it('has every fault with every seed once', () => {
    const planned = schedule(faults, [1, 2, 3]).flatMap((errand) => errand.seeds.map((seed) => `${errand.fault.name} ${seed}`));
    expect(planned.sort()).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3', 'c 1', 'c 2', 'c 3', 'large 1', 'large 2', 'large 3']);
  });

  it('begins with what is prepared for all seeds at once, in one go', () => {
    expect(schedule(faults, [1, 2])[0]).toMatchObject({ fault: { name: 'large' }, seeds: [1, 2] });
  });

  it('has the same order for the same seed, whatever other seeds there are', () => {
    const orderOf = (seeds: number[]) => schedule(faults, seeds).filter((errand) => errand.seeds[0] === 7).map((errand) => errand.fault.name);
    expect(orderOf([1, 7])).toEqual(orderOf([6, 7]));
  });
});
