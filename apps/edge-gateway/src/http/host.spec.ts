import { isSameHost, isValidHost } from './host';

describe('isValidHost', () => {
  it.each(['a', 'a.b-c_d:80', 'A:', '127.0.0.1:8081', '[::1]', '[2001:db8::1]:65535', 'xn--bcher-kva.example'])('takes %s', (host) => {
    expect(isValidHost(host)).toBe(true);
  });

  it.each(['', ':80', 'a:b', 'a:65536', 'a:999999', 'a:80:80', 'a,b', 'a b', 'a/b', 'user@a', 'a?b', 'a#b', 'a\\b', '[::1', '::1', '[::g]', '[]', '[1.2.3.4]', 'a%41', 'é', 'a;b', 'x'.repeat(256)])(
    'refuses %p',
    (host) => {
      expect(isValidHost(host)).toBe(false);
    },
  );
});

describe('isSameHost', () => {
  it.each([
    ['a.b', 'A.B', 'http', true],
    ['a:80', 'a', 'http', true],
    ['a', 'a:443', 'https', true],
    ['a:443', 'a', 'http', false],
    ['a', 'b', 'http', false],
    ['a:81', 'a:82', 'http', false],
  ])('compares %s with %s over %s', (authority, host, scheme, same) => {
    expect(isSameHost(authority, host, scheme)).toBe(same);
  });
});
