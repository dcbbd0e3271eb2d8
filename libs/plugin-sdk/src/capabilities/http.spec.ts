import { bodyToWire, headersToWire } from './http';

describe('headersToWire', () => {
  it('joins several values by comma, and cookies by newline because a comma may be inside one', () => {
    expect(headersToWire({ 'X-One': 'a', Vary: ['Accept', 'Origin'], 'set-cookie': ['a=1', 'b=2'] })).toEqual({
      'X-One': 'a',
      Vary: 'Accept, Origin',
      'set-cookie': 'a=1\nb=2',
    });
  });
});

describe('bodyToWire', () => {
  it('takes text as UTF-8, bytes as they are, and nothing as no bytes', () => {
    expect(bodyToWire('grün').toString('hex')).toBe('6772c3bc6e');
    expect(bodyToWire(new Uint8Array([1, 2, 3]).subarray(1))).toEqual(Buffer.from([2, 3]));
    expect(bodyToWire(undefined)).toEqual(Buffer.alloc(0));
  });
});
