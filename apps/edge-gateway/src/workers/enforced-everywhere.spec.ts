import type { GatewayState } from '../snapshot/gateway-state';
import { EnforcedEverywhere } from './enforced-everywhere';

const state = (revision: number) => ({ revision }) as GatewayState;

describe('what every worker enforces', () => {
  it('is what the slowest of them does', () => {
    const everywhere = new EnforcedEverywhere();
    for (const number of [1, 2, 3]) everywhere.expect(number, state(number * 10));
    expect(everywhere.get()).toBeUndefined();
    everywhere.reached(2);
    expect(everywhere.get()?.revision).toBe(20);
    everywhere.reached(3);
    expect(everywhere.get()?.revision).toBe(30);
  });

  it('is waited for, the newest step alone', () => {
    const everywhere = new EnforcedEverywhere();
    const done: number[] = [];
    for (const number of [1, 2]) everywhere.whenReached(number, () => void done.push(number));
    everywhere.reached(1);
    expect(done).toEqual([]);
    everywhere.reached(2);
    everywhere.reached(3);
    expect(done).toEqual([2]);
    everywhere.whenReached(3, () => void done.push(3));
    expect(done).toEqual([2, 3]);
  });
});
