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

  it('is waited for', async () => {
    const everywhere = new EnforcedEverywhere();
    const done: number[] = [];
    const waits = [1, 2].map((number) => everywhere.until(number).then(() => done.push(number)));
    everywhere.reached(1);
    await waits[0];
    expect(done).toEqual([1]);
    everywhere.reached(2);
    await Promise.all(waits);
    await everywhere.until(1);
    expect(done).toEqual([1, 2]);
  });
});
