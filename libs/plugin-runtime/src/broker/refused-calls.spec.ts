import { FakeClock } from '@sluice/kernel';
import { type RefusedCall, RefusedCalls } from './refused-calls';

const call = (change: Partial<RefusedCall> = {}) => ({ pluginId: 7, pluginName: 'echo', method: '/a.B/C', reason: 'scope' as const, message: 'no', ...change });

describe('RefusedCalls', () => {
  it('tells once a minute for each plugin and method, and how many there were', () => {
    const clock = new FakeClock(1_000);
    const told: RefusedCall[] = [];
    const refusals = new RefusedCalls(clock, (refused) => told.push(refused));
    for (let index = 0; index < 100; index += 1) refusals.add(call());
    refusals.add(call({ method: '/a.B/D' }));
    refusals.add(call({ pluginId: 8 }));
    expect(told.map(({ pluginId, method, repeated }) => [pluginId, method, repeated])).toEqual([[7, '/a.B/C', 0], [7, '/a.B/D', 0], [8, '/a.B/C', 0]]);
    clock.advance(60_000);
    refusals.add(call());
    expect(told.at(-1)).toEqual({ ...call(), repeated: 99, at: 61_000 });
  });
});
