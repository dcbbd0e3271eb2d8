import type { Actor } from './request-context';

/** Who a credential belongs to, and what it allows. */
export interface Identity {
  actor: Actor;
  scopes: readonly string[];
}

/** Finds out whose a credential is. The auth module provides it. */
export abstract class Authenticator {
  abstract bySession(token: string): Promise<Identity | null>;
  abstract byApiKey(key: string): Promise<Identity | null>;
}

export const SESSION_COOKIE = 'sluice_session';
