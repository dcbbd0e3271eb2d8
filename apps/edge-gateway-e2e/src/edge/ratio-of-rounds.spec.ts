import { besideNeighbours, describeRatios } from './ratio-of-rounds';

it('does not take a machine that becomes slower for a difference', () => {
  expect(besideNeighbours([2, 8], [1, 4], [4, 16])).toEqual([1, 1]);
});

it('tells the median and how far the rounds lie apart', () => {
  expect(describeRatios([3, 1, 1.5, 1.25])).toBe('×1.25, the middle half of 4 from ×1.00 to ×1.50');
});
