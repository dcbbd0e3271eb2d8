import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { snapshotErrors } from './snapshot-errors';

/** What stands before the 32 bytes of an X25519 public key in DER (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** A new X25519 private key: what is sealed to its public half, `sealingPublicKey`, opens with it. */
export function generateSealingKey(): KeyObject {
  return generateKeyPairSync('x25519').privateKey;
}

/** The raw 32 bytes of the public half. */
export function sealingPublicKey(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
}

/**
 * Reads a private key from PEM (PKCS8).
 * @throws snapshotErrors.badKey for anything but an X25519 key.
 */
export function parseSealingKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'x25519') return key;
  } catch {
    // Said below: OpenSSL's sentence says less.
  }
  throw new snapshotErrors.badKey({}, { detail: 'A sealing key is an X25519 private key as PKCS8 in PEM.' });
}

/**
 * The key object for the raw 32 bytes of a public key.
 * @throws snapshotErrors.badKey for any other length.
 */
export function importSealingKey(raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw new snapshotErrors.badKey({}, { detail: 'A raw X25519 public key is 32 bytes.' });
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}
