import { spread } from './spread';

it.each([1, 20, 20_000])('spreads %d calls over the time that it is given', async (times) => {
  const began = performance.now();
  const at = await spread(times, 200, () => performance.now() - began);
  expect(at).toHaveLength(times);
  // Not at once, and not a millisecond for each.
  expect(at.at(-1)).toBeGreaterThanOrEqual((200 * (times - 1)) / times - 2);
  expect(at.at(-1)).toBeLessThan(2_000);
  expect(at.filter((ms) => ms < 90).length).toBeLessThanOrEqual(Math.ceil(times / 2));
});
