import { percentile } from './percentile';

describe('percentile', () => {
  it('is a value that occurred', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([100, 198, 200]);
    expect([percentile([7], 0.99), percentile([], 0.5)]).toEqual([7, 0]);
  });
});
