import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const BEARER = /^Bearer ([\w-]{43})$/;

/** Who may call, by random tokens that are never kept. */
export class ReverseTokens<Holder> {
  private readonly holders = new Map<string, Holder>();

  /** A new token; `revoke` makes it worthless. */
  issue(holder: Holder): { token: string; revoke: () => void } {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const key = keyOf(token);
    this.holders.set(key, holder);
    return { token, revoke: () => void this.holders.delete(key) };
  }

  /** Whose token an `authorization` header carries. */
  holderOf(authorization: unknown): Holder | undefined {
    const [, token] = typeof authorization === 'string' ? (BEARER.exec(authorization) ?? []) : [];
    return token === undefined ? undefined : this.holders.get(keyOf(token));
  }
}

/** A digest, so that how long a look-up takes tells nothing about any token. */
function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
