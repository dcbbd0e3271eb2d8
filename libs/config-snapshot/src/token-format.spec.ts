import { crc32 } from './crc32';
import { generateToken, isWellFormedToken, tokenPrefix } from './token-format';

describe('tokens', () => {
  it('are well formed, of their kind, and never the same', () => {
    const tokens = Array.from({ length: 2_000 }, () => generateToken('app'));
    expect(new Set(tokens).size).toBe(2_000);
    for (const token of tokens) {
      expect(token).toMatch(/^slc_app_[0-9A-Za-z]{28}_[0-9A-Za-z]{6}$/);
      expect(isWellFormedToken(token, 'app')).toBe(true);
      expect(isWellFormedToken(token, 'key')).toBe(false);
    }
  });

  it('that admit gateways begin with sle_', () => {
    const token = generateToken('enrolment');
    expect(token).toMatch(/^sle_[0-9A-Za-z]{28}_[0-9A-Za-z]{6}$/);
    expect([isWellFormedToken(token, 'enrolment'), isWellFormedToken(token, 'key'), isWellFormedToken(generateToken('key'), 'enrolment')]).toEqual([true, false, false]);
    expect(tokenPrefix(token)).toBe(token.slice(0, 8));
  });

  it('use every digit', () => {
    const digits = Array.from({ length: 2_000 }, () => generateToken('key').slice(8, 36)).join('');
    expect(new Set(digits).size).toBe(62);
  });

  it('do not survive any single wrong character', () => {
    const token = generateToken('key');
    for (let index = 0; index < token.length; index++) {
      const wrong = token.slice(0, index) + (token[index] === 'a' ? 'b' : 'a') + token.slice(index + 1);
      expect(isWellFormedToken(wrong, 'key')).toBe(false);
    }
  });

  it.each(['', 'slc_app_', 'sk-1234', 'slc_app_0000000000000000000000000000_000000', `${generateToken('app')}\n`])('are not %p', (text) => {
    expect(isWellFormedToken(text, 'app')).toBe(false);
  });

  it('show only their beginning', () => {
    const token = generateToken('app');
    expect(tokenPrefix(token)).toBe(token.slice(0, 12));
    expect(tokenPrefix('password')).toBe('');
  });
});

describe('crc32', () => {
  it('has the check value of the standard', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });
});
