import type { Identity } from '../../http/authenticator';
import { ALL_SCOPES, scopesCover } from '../../http/scopes';
import type { UserEntity } from '../users';

const EVERYONES_SCOPES = ['me.read', 'me.write'] as const;

/** What a user may do: administrators everything, everyone else what concerns themselves. */
export function scopesOf(user: Pick<UserEntity, 'isAdmin'>): readonly string[] {
  return user.isAdmin ? [ALL_SCOPES] : EVERYONES_SCOPES;
}

/** A user that is logged in, or a program with a key: that can do what its scopes say and its user may. */
export function identityOf(user: UserEntity, keyScopes: readonly string[] = [ALL_SCOPES]): Identity {
  const { id: userId, email, isAdmin, organizationId } = user;
  return { actor: { kind: 'user', userId, email, isAdmin, organizationId }, scopes: commonScopes(scopesOf(user), keyScopes) };
}

export function commonScopes(one: readonly string[], other: readonly string[]): readonly string[] {
  const covered = (scopes: readonly string[], by: readonly string[]): string[] => scopes.filter((scope) => scopesCover(by, scope));
  return [...new Set([...covered(one, other), ...covered(other, one)])];
}
