import { RevokedTokens } from './revoked-tokens';

const notice = (revision: number, ...token_hashes: string[]) => ({ namespace: '', epoch: 'e', revision, token_hashes });

describe('RevokedTokens', () => {
  it('are refused until the configuration says so itself', () => {
    const revoked = new RevokedTokens();
    expect(revoked.add(notice(5, 'a', 'b'))).toBe(true);
    revoked.reached({ epoch: 'e', revision: 4 });
    expect([...revoked.current]).toEqual(['a', 'b']);
    revoked.reached({ epoch: 'e', revision: 5 });
    expect(revoked.current.size).toBe(0);
  });

  it('are news once, and again for a later revision', () => {
    const revoked = new RevokedTokens();
    revoked.add(notice(5, 'a'));
    expect(revoked.add(notice(5, 'a'))).toBe(false);
    expect(revoked.add(notice(4, 'a'))).toBe(false);
    expect(revoked.add(notice(7, 'a'))).toBe(true);
    revoked.reached({ epoch: 'e', revision: 6 });
    expect([...revoked.current]).toEqual(['a']);
  });

  it('are forgotten with their epoch', () => {
    const revoked = new RevokedTokens();
    revoked.add(notice(5, 'a'));
    revoked.reached({ epoch: 'f', revision: 1 });
    expect(revoked.current.size).toBe(0);
  });
});
