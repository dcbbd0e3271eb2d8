import { sign, type KeyObject } from 'node:crypto';
import type { JsonValue } from './records';
import { canonicalText } from './canonical-bytes';
import { keyIdOf, publicKeyOf } from './signing-keys';

/** Tokens that are refused at once, ahead of the delta that takes them away. */
export interface Revocation {
  namespace: string;
  epoch: string;
  /** The revision without these tokens: from it on, the notice says nothing that the configuration does not say. */
  revision: number;
  /** `TokenData.hash` of each. */
  token_hashes: string[];
}

export interface SignedRevocation {
  revocation: Revocation;
  key_id: string;
  /** Ed25519 over a prefix of its own and the canonical JSON of `revocation`; base64url. */
  signature: string;
}

/** Nothing else that is signed with the same key begins like this. */
const PREFIX = 'sluice revocation v1\n';

export function signRevocation(revocation: Revocation, privateKey: KeyObject): SignedRevocation {
  const signature = sign(null, revocationBytes(revocation), privateKey).toString('base64url');
  return { revocation, key_id: keyIdOf(publicKeyOf(privateKey)), signature };
}

/** The line that travels: `{"key_id":…,"revocation":…,"signature":…}`, canonical, without its line feed. */
export function encodeRevocation({ revocation, key_id, signature }: SignedRevocation): Buffer {
  return Buffer.from(canonicalText({ revocation: revocation as unknown as JsonValue, key_id, signature }), 'utf8');
}

export function revocationBytes(revocation: Revocation): Uint8Array {
  return Buffer.from(PREFIX + canonicalText(revocation as unknown as JsonValue), 'utf8');
}
