import { commonScopes, scopesOf } from './identity';

describe('the scopes of a key', () => {
  const administrator = scopesOf({ isAdmin: true });
  const person = scopesOf({ isAdmin: false });

  it('are its own, where its user may do everything', () => {
    expect(commonScopes(administrator, ['apps.read', 'users.write'])).toEqual(['apps.read', 'users.write']);
    expect(commonScopes(administrator, ['*'])).toEqual(['*']);
  });

  it('are never more than its user has', () => {
    expect(commonScopes(person, ['*'])).toEqual(['me.read', 'me.write']);
    expect(commonScopes(person, ['me.read', 'apps.write'])).toEqual(['me.read']);
    expect(commonScopes(person, ['apps.write'])).toEqual([]);
  });
});
