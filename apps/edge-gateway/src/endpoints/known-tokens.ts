import { hashToken } from '@sluice/config-snapshot';
import type { CurrentState } from '../snapshot/current-state';
import type { GatewayState, GatewayToken } from '../snapshot/gateway-state';

export interface KnownToken {
  token: GatewayToken;
  tokenHash: string;
}

/** More are looked up anew. */
const MOST_KNOWN = 4_096;

/**
 * The tokens that were presented since the state in force is in force, and were good: hashing one and finding it costs more than the rest of the
 * check. Another state, which may have taken tokens back, and another key begin with none; time is checked each time. Text is compared only where its hash,
 * whose seed nobody knows, is equal, so that how long a look-up takes says nothing about the tokens that are known.
 */
export class KnownTokens {
  private readonly byText = new Map<string, KnownToken>();
  private state: GatewayState | undefined;
  private key: Uint8Array | undefined;

  constructor(current: CurrentState) {
    // Not with the next token, which may be long in coming: the state that was in force has all the tables of its time.
    current.onSwap(() => this.forget(undefined, undefined));
  }

  /** The token, if it may be used now. */
  find(state: GatewayState, key: Uint8Array, text: string, nowMs: number): KnownToken | undefined {
    if (state !== this.state || key !== this.key) this.forget(state, key);
    const known = this.byText.get(text);
    if (known) return known.token.expiresAtMs > nowMs ? known : undefined;
    const tokenHash = hashToken(key, text);
    const token = state.usableToken(tokenHash, nowMs);
    return token && this.remember(text, { token, tokenHash });
  }

  private remember(text: string, known: KnownToken): KnownToken {
    if (this.byText.size >= MOST_KNOWN) this.byText.clear();
    this.byText.set(text, known);
    return known;
  }

  private forget(state: GatewayState | undefined, key: Uint8Array | undefined): void {
    this.byText.clear();
    this.state = state;
    this.key = key;
  }
}
