import { FakeClock } from '@sluice/kernel';
import { RefusedBody } from './refused-body';

describe('RefusedBody', () => {
  it('is remembered for a minute, and given another chance after that', () => {
    const clock = new FakeClock();
    const refused = new RefusedBody(clock);
    refused.remember('a');
    clock.advance(59_999);
    expect([refused.is('a'), refused.is('b')]).toEqual([true, false]);
    clock.advance(1);
    expect(refused.is('a')).toBe(false);
  });

  it('is forgotten when told to', () => {
    const refused = new RefusedBody(new FakeClock());
    refused.remember('a');
    refused.forget();
    expect(refused.tag()).toBeUndefined();
  });
});
