import { ReverseTokens } from './reverse-tokens';

describe('ReverseTokens', () => {
  it('knows who holds a token until it is revoked', () => {
    const tokens = new ReverseTokens<string>();
    const [one, other] = [tokens.issue('one'), tokens.issue('other')];
    expect(one.token).not.toBe(other.token);
    expect(tokens.holderOf(`Bearer ${one.token}`)).toBe('one');
    one.revoke();
    expect(tokens.holderOf(`Bearer ${one.token}`)).toBeUndefined();
    expect(tokens.holderOf(`Bearer ${other.token}`)).toBe('other');
  });

  it.each([undefined, '', 'Bearer ', 'Basic abc', `Bearer ${'a'.repeat(43)}`, Buffer.from('Bearer x')])('does not know %p', (header) => {
    const tokens = new ReverseTokens<string>();
    tokens.issue('one');
    expect(tokens.holderOf(header)).toBeUndefined();
  });
});
