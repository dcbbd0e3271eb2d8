import { knowsTag } from './if-none-match';

describe('knowsTag', () => {
  it.each(['"a"', 'W/"a"', '"b", "a"', '*'])('is true for %s', (header) => expect(knowsTag(header, '"a"')).toBe(true));
  it.each([undefined, '', '"b"', 'a', '"ab"'])('is false for %s', (header) => expect(knowsTag(header, '"a"')).toBe(false));
});
