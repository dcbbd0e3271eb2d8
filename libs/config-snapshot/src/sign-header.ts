import { sign, verify, type KeyObject } from 'node:crypto';
import type { JsonValue } from './records';
import { canonicalBytes, canonicalText } from './canonical-bytes';
import { keyIdOf, publicKeyOf } from './signing-keys';
import type { SignedHeader, SnapshotHeader } from './snapshot-header';

/** Signs a header with Ed25519. The header names the root, and the root stands for every record. */
export function signHeader(header: SnapshotHeader, privateKey: KeyObject): SignedHeader {
  const signature = sign(null, canonicalBytes(header as unknown as JsonValue), privateKey).toString('base64url');
  return { header, key_id: keyIdOf(publicKeyOf(privateKey)), signature };
}

/** The one line of canonical JSON that a signed header is written as, without its line feed. */
export function signedHeaderText({ header, key_id, signature }: SignedHeader): string {
  return canonicalText({ header: header as unknown as JsonValue, key_id, signature });
}

/** Whether `signature` (base64url) is the one signature of these bytes, in its one way of writing. */
export function verifySignature(bytes: Uint8Array, signature: string, publicKey: KeyObject): boolean {
  const raw = Buffer.from(signature, 'base64url');
  // The last digit of 86 has four spare bits. Only one of the sixteen ways to write a signature is the encoding of it.
  return raw.toString('base64url') === signature && verify(null, bytes, publicKey, raw);
}
