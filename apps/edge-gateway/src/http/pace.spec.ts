import { Pace } from './pace';

const least = { windowMs: 10_000, leastBytes: 1_000 };

describe('Pace', () => {
  it('says at the end of a window that too little moved in it', () => {
    const pace = new Pace();
    expect([0, 5_000, 9_999].map((now) => pace.isTooSlow(now, 0, least))).toEqual([false, false, false]);
    expect(pace.isTooSlow(10_000, 999, least)).toBe(true);
  });

  it('takes a pause for none as long as each window brings enough', () => {
    const pace = new Pace();
    expect([[0, 0], [9_000, 0], [10_000, 1_000], [19_000, 1_000], [20_000, 2_000]].map(([now, moved]) => pace.isTooSlow(now!, moved!, least))).toEqual(Array(5).fill(false));
  });

  it('gives no credit for what moved before', () => {
    const pace = new Pace();
    pace.isTooSlow(0, 0, least);
    expect(pace.isTooSlow(10_000, 1_000_000, least)).toBe(false);
    expect(pace.isTooSlow(20_000, 1_000_999, least)).toBe(true);
  });

  it('looks back from any time: the clock starts when a transfer stops, and not at the end of a window that it began in', () => {
    const pace = new Pace();
    const tooSlowAt = Array.from({ length: 20 }, (_, second) => second).find((second) => pace.isTooSlow(second * 1_000, Math.min(second, 3) * 100_000, least));
    expect(tooSlowAt).toBe(13);
  });

  it('begins anew after a rest', () => {
    const pace = new Pace();
    pace.isTooSlow(0, 0, least);
    pace.rest();
    expect(pace.isTooSlow(50_000, 0, least)).toBe(false);
    expect(pace.isTooSlow(60_000, 0, least)).toBe(true);
  });
});
