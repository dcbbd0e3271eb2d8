import { sign, verify, type KeyObject } from 'node:crypto';
import type { JsonValue } from '../records';
import type { SignedSnapshot, Format1Header } from './snapshot';
import type { UnsignedSnapshot } from './build-snapshot';
import { canonicalBytes } from '../canonical-bytes';
import { keyIdOf, publicKeyOf } from '../signing-keys';

/** Signs the header with Ed25519. The header names the root, and the root stands for every record. */
export function signSnapshot(unsigned: UnsignedSnapshot, privateKey: KeyObject): SignedSnapshot {
  return {
    header: unsigned.header,
    key_id: keyIdOf(publicKeyOf(privateKey)),
    signature: sign(null, headerBytes(unsigned.header), privateKey).toString('base64url'),
    records: unsigned.records,
  };
}

/** Whether the signature fits the header. Says nothing about the records: `openSnapshot` does. */
export function verifyHeader(snapshot: Pick<SignedSnapshot, 'header' | 'signature'>, publicKey: KeyObject): boolean {
  const signature = Buffer.from(snapshot.signature, 'base64url');
  // The last digit of 86 has four spare bits. Only one of the sixteen ways to write a signature is the encoding of it.
  return signature.toString('base64url') === snapshot.signature && verify(null, headerBytes(snapshot.header), publicKey, signature);
}

function headerBytes(header: Format1Header): Uint8Array {
  return canonicalBytes(header as unknown as JsonValue);
}
