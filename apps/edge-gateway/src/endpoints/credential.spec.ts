import { findCredential, withoutToken } from './credential';

describe('findCredential', () => {
  it.each([
    ['Bearer abc', '', { kind: 'header', token: 'abc' }],
    ['bearer  abc ', 'token=x', { kind: 'header', token: 'abc' }],
    ['Basic abc', 'a=1&token=x', { kind: 'query', token: 'x' }],
    [undefined, 'token=a%2Bb+c', { kind: 'query', token: 'a+b c' }],
    [undefined, '%74oken=x', { kind: 'query', token: 'x' }],
    [undefined, 'token=&token=x', { kind: 'query', token: 'x' }],
    [undefined, '', { kind: 'none' }],
    ['Bearer ', 'token', { kind: 'none' }],
    ['Basic abc', 'tokens=x&token=%zz', { kind: 'none' }],
  ])('reads Authorization %p and query %p', (authorization, query, expected) => {
    expect(findCredential(authorization, query)).toEqual(expected);
  });
});

describe('withoutToken', () => {
  it.each([
    ['token=x', ''],
    ['a=1&token=x&b=%20', 'a=1&b=%20'],
    ['%74oken=%78&a', 'a'],
    ['token=x&token=x&token=y', 'token=y'],
    ['a=x', 'a=x'],
  ])('takes the token x out of %s', (query, expected) => {
    expect(withoutToken(query, 'x')).toBe(expected);
  });
});
