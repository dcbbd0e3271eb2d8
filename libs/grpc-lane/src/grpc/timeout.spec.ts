import { decodeTimeout, encodeTimeout } from './timeout';

it.each([
  [0, '1m'],
  [0.2, '1m'],
  [1_000, '1000m'],
  [99_999_999, '99999999m'],
  [100_000_000, '100000S'],
  [100_000_000.5, '100001S'],
  [1e12, '16666667M'],
  [1e18, '99999999H'],
])('writes %f ms as %s: eight digits, and never less than asked for', (ms, text) => {
  expect(encodeTimeout(ms)).toBe(text);
  if (ms < 1e17) expect(decodeTimeout(text)).toBeGreaterThanOrEqual(ms);
});

it.each([
  ['1H', 3_600_000],
  ['2M', 120_000],
  ['3S', 3_000],
  ['4m', 4],
  ['500u', 0.5],
  ['00000000n', 0],
])('reads %s', (text, ms) => {
  expect(decodeTimeout(text)).toBeCloseTo(ms);
});

it.each(['', 'S', '1', '123456789S', '-1S', '1.5S', '1s', ' 1S', '1S ', '1SS'])('says that %j is no timeout', (text) => {
  expect(decodeTimeout(text)).toBeUndefined();
});
