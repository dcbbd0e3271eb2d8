import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { JsonValue } from './records';
import { canonicalBytes } from './canonical-bytes';
import { deriveKey } from './edge-keys';
import { snapshotErrors } from './snapshot-errors';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM over the canonical bytes of a value: base64url of nonce, tag and ciphertext. The nonce is an HMAC of
 * everything that goes in, so it repeats only when all of it does, and then only says that the value did not change.
 */
export function sealValue(value: JsonValue, pointer: string, secretKey: Uint8Array, aad: string): string {
  const place = placeBytes(aad, pointer);
  const plain = canonicalBytes(value);
  const nonce = createHmac('sha256', deriveKey(secretKey, 'nonce')).update(place).update(plain).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secretKey, 'encryption'), nonce);
  cipher.setAAD(place);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
}

/** The inverse. @throws snapshotErrors.badSeal */
export function openValue(sealed: string, pointer: string, secretKey: Uint8Array, aad: string): JsonValue {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(secretKey, 'encryption'), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(placeBytes(aad, pointer));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as JsonValue;
  } catch (cause) {
    throw new snapshotErrors.badSeal({ path: pointer }, { cause });
  }
}

// As a JSON array the two parts cannot run into each other, and its end cannot be taken for the value's start.
function placeBytes(aad: string, pointer: string): Buffer {
  return Buffer.from(JSON.stringify([aad, pointer]), 'utf8');
}
