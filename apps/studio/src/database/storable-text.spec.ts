import { storableText } from './storable-text';

describe('storableText', () => {
  it('leaves what Postgres takes as it is', () => {
    expect(storableText('a\n😀 ü')).toBe('a\n😀 ü');
  });

  it('leaves out NUL', () => {
    expect(storableText('a\u0000b')).toBe('ab');
  });

  it('leaves no half of a character, whether it was there or is left by cutting', () => {
    expect(storableText('a\ud83d')).toBe('a\ufffd');
    expect(storableText('a😀', 2)).toBe('a\ufffd');
  });
});
