import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA256 of a token; lower-case hex. Tokens are long random text, so a fast hash is enough, and the key keeps a
 * snapshot that leaked from being searched for tokens that were seen elsewhere.
 */
export function hashToken(key: Uint8Array, token: string): string {
  return createHmac('sha256', key).update(token, 'utf8').digest('hex');
}
