import { plainAddress } from './plain-address';

describe('plainAddress', () => {
  it.each([['::ffff:10.0.0.1', '10.0.0.1'], ['127.0.0.1', '127.0.0.1'], ['fe80::1', 'fe80::1'], [undefined, '']])('writes %s as %s', (address, text) => {
    expect(plainAddress(address)).toBe(text);
  });
});
