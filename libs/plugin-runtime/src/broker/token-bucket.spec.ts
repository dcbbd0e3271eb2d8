import { TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  it('gives its capacity at once, and then as much a second as it shall', () => {
    const bucket = new TokenBucket(10, 20, 0);
    const taken = (nowMs: number) => {
      let count = 0;
      while (bucket.take(1, nowMs)) count += 1;
      return count;
    };
    expect(taken(0)).toBe(20);
    expect(taken(1_000)).toBe(10);
    expect(taken(1_050)).toBe(0);
    expect(taken(1_100)).toBe(1);
    expect(taken(60_000)).toBe(20);
  });

  it('gives nothing of an amount that is not there whole', () => {
    const bucket = new TokenBucket(10, 20, 0);
    expect(bucket.take(21, 0)).toBe(false);
    expect(bucket.take(20, 0)).toBe(true);
  });
});
