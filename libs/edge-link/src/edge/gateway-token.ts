import { sign, verify, type KeyObject } from 'node:crypto';
import { importPublicKey } from '@sluice/config-snapshot';

/** What a gateway says with a token: that it is the holder of this key, now. */
export interface GatewayClaim {
  /** Ed25519, raw 32 bytes. */
  publicKey: Buffer;
  /** By the gateway's idea of the studio's clock. */
  issuedAtMs: number;
}

/** What tells these tokens from every other JSON Web Token: no other kind has the same first part. */
const HEADER = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'sluice-gateway+jwt' })).toString('base64url');
const MAX_LENGTH = 1_000;

/** A bearer token for one request over HTTP: a JSON Web Token (RFC 7519, EdDSA as in RFC 8037) over the gateway's public key and the time. */
export function signGatewayToken({ publicKey, issuedAtMs }: GatewayClaim, privateKey: KeyObject): string {
  const claims = { sub: publicKey.toString('base64url'), iat: Math.floor(issuedAtMs / 1_000) };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/**
 * Reads such a token, and makes certain that the key that it names signed it. Whose key that is, and how old a token may be, is the
 * caller's to judge.
 * @returns undefined for everything else.
 */
export function readGatewayToken(token: string): GatewayClaim | undefined {
  const [header, claims, signature, ...rest] = token.length > MAX_LENGTH ? [] : token.split('.');
  if (header !== HEADER || claims === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const { sub, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { sub?: unknown; iat?: unknown };
    if (typeof sub !== 'string' || typeof iat !== 'number' || !Number.isSafeInteger(iat)) return undefined;
    const publicKey = Buffer.from(sub, 'base64url');
    const proved = verify(null, Buffer.from(`${header}.${claims}`), importPublicKey(publicKey), Buffer.from(signature, 'base64url'));
    return proved ? { publicKey, issuedAtMs: iat * 1_000 } : undefined;
  } catch {
    return undefined;
  }
}
