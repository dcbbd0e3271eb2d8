import { backoffMs } from './backoff';

const limits = { firstMs: 500, mostMs: 5_000 };

describe('backoffMs', () => {
  it('doubles up to its limit', () => {
    expect([0, 1, 2, 3, 4, 1_000].map((failures) => backoffMs(failures, limits, () => 0.5))).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('spreads by a fifth either way', () => {
    expect([backoffMs(0, limits, () => 0), backoffMs(0, limits, () => 1)]).toEqual([400, 600]);
  });
});
