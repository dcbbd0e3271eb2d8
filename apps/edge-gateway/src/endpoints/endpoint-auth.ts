import type { SluiceError } from '@sluice/kernel';
import type { RequestHead } from '../http/request-head';
import type { CurrentState } from '../snapshot/current-state';
import type { GatewayState, GatewayToken } from '../snapshot/gateway-state';
import { findCredential, withoutToken } from './credential';
import { endpointErrors } from './endpoint-errors';
import type { EndpointRoute } from './endpoint-route';
import { KnownTokens } from './known-tokens';

export type Admission =
  | { kind: 'admitted'; token: GatewayToken; tokenHash: string; query: string }
  | { kind: 'refused'; error: SluiceError; challenge: string }
  /** Nobody can tell yet whether the token is good. */
  | { kind: 'unknown'; error: SluiceError };

/** Checks the token of a request to an endpoint that asks for one. */
export class EndpointAuth {
  private readonly tokens: KnownTokens;

  constructor(
    current: CurrentState,
    private readonly keys: { readonly tokenHashKey: Uint8Array | undefined },
    private readonly now: () => number,
  ) {
    this.tokens = new KnownTokens(current);
  }

  /**
   * An accepted credential is taken out of `head` and of the query that comes back, unless the registration wants it passed.
   * Why a token is not good stays between the operator and the log.
   */
  admit(state: GatewayState, route: EndpointRoute, head: RequestHead, query: string): Admission {
    const credential = findCredential(head.headers['Authorization'], query);
    if (credential.kind === 'none') return { kind: 'refused', error: new endpointErrors.tokenMissing(), challenge: 'Bearer' };
    const { tokenHashKey } = this.keys;
    if (!tokenHashKey) return { kind: 'unknown', error: new endpointErrors.keysMissing() };
    const known = this.tokens.find(state, tokenHashKey, credential.token, this.now());
    if (!known) return { kind: 'refused', error: new endpointErrors.tokenInvalid(), challenge: 'Bearer error="invalid_token"' };
    const { token, tokenHash } = known;
    if (route.passCredentials) return { kind: 'admitted', token, tokenHash, query };
    if (credential.kind === 'header') delete head.headers['Authorization'];
    return { kind: 'admitted', token, tokenHash, query: withoutToken(query, credential.token) };
  }
}
