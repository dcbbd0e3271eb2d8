import { TrustedProxies } from './trusted-proxies';

describe('TrustedProxies', () => {
  it.each([
    ['', '127.0.0.1', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['10.0.0.0/8, 192.168.0.0/16', '192.168.7.7', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['::1', '::1', true],
    ['2001:db8::/32', '2001:db8:1::5', true],
    ['2001:db8::/32', '2001:db9::5', false],
    ['0.0.0.0/0', 'not an address', false],
    ['0.0.0.0/0', '', false],
  ])('of %p includes %p: %p', (text, address, expected) => {
    expect(TrustedProxies.parse(text).includes(address)).toBe(expected);
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.1-10.0.0.9'])('refuses %s and names it', (text) => {
    expect(() => TrustedProxies.parse(text)).toThrow(text);
  });
});
