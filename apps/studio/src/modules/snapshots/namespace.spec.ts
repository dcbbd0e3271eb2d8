import { parseNamespace } from './namespace';

describe('parseNamespace', () => {
  it('reads `default` as the default namespace', () => {
    expect(parseNamespace('default')).toBe('');
    expect(parseNamespace('')).toBe('');
  });

  it('keeps a well-formed name', () => expect(parseNamespace('eu-west-1')).toBe('eu-west-1'));

  it.each(['EU', '-eu', 'a/b', 'a b', 'a.b', 'x'.repeat(64)])('refuses %p', (text) => expect(parseNamespace(text)).toBeUndefined());
});
