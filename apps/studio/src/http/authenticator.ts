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

/** Finds out which gateway calls. The gateways module provides it. */
export abstract class GatewayAuthenticator {
  /**
   * @param namespaceName whose things the route is about, as its path has it
   * @throws why it is none, or not one of that namespace
   */
  abstract byToken(token: string | undefined, namespaceName: string | undefined): Promise<Identity>;
}

export const SESSION_COOKIE = 'sluice_session';
