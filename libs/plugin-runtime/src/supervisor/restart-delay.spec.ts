import { RestartDelay } from './restart-delay';

describe('RestartDelay', () => {
  const delays = (random: number, count: number) => {
    const delay = new RestartDelay(() => random);
    return Array.from({ length: count }, () => delay.next(false));
  };

  it('doubles from half a second to a minute', () => {
    expect(delays(0.5, 9)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('spreads by a fifth to either side', () => {
    expect(delays(0, 2)).toEqual([400, 800]);
    expect(delays(1, 2)).toEqual([600, 1_200]);
  });

  it('begins anew after a reset', () => {
    const delay = new RestartDelay(() => 0.5);
    delay.next(false);
    delay.next(false);
    delay.reset();
    expect(delay.next(false)).toBe(500);
  });
});
