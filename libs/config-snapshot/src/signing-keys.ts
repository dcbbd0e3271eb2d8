import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { snapshotErrors } from './snapshot-errors';

/** What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface PublicKey {
  /** The first 16 hex digits of the SHA-256 of the raw key. */
  keyId: string;
  key: KeyObject;
}

export interface SigningKey {
  privateKey: KeyObject;
  privateKeyPem: string;
  /** Base64 of the PKCS8 DER, as `SNAPSHOT_SIGNING_KEY` holds it. */
  privateKeyText: string;
  publicKey: KeyObject;
  /** Base64 of the raw 32 bytes, as `SNAPSHOT_PUBLIC_KEYS` lists it. */
  publicKeyText: string;
  keyId: string;
}

/** A new Ed25519 key pair in every form in which it is written down. */
export function generateSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKeyText: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey,
    publicKeyText: rawPublicKey(publicKey).toString('base64'),
    keyId: keyIdOf(publicKey),
  };
}

/**
 * Reads a public key as `SNAPSHOT_PUBLIC_KEYS` lists it: base64 (or base64url) of the raw 32 bytes.
 * @throws snapshotErrors.badKey
 */
export function parsePublicKey(text: string): PublicKey {
  const raw = decodeBase64(text);
  if (raw?.length !== 32) throw new snapshotErrors.badKey({}, { detail: 'A public key is 32 bytes in base64.' });
  return { keyId: keyIdOf(raw), key: importPublicKey(raw) };
}

/**
 * Reads a private key as `SNAPSHOT_SIGNING_KEY` holds it: base64 of PKCS8 DER, Ed25519.
 * @throws snapshotErrors.badKey, which never quotes the key.
 */
export function parsePrivateKey(text: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Falls through: OpenSSL's sentence says less than ours.
  }
  throw new snapshotErrors.badKey({}, { detail: 'A signing key is an Ed25519 private key as PKCS8 DER in base64.' });
}

/** The first 16 hex digits of the SHA-256 of the raw public key. */
export function keyIdOf(publicKey: KeyObject | Uint8Array): string {
  const raw = publicKey instanceof Uint8Array ? publicKey : rawPublicKey(publicKey);
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

/** The raw 32 bytes of an Ed25519 public key. */
export function rawPublicKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
}

/**
 * The key object for the raw 32 bytes.
 * @throws snapshotErrors.badKey for any other length.
 */
export function importPublicKey(raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw new snapshotErrors.badKey({}, { detail: 'A raw Ed25519 public key is 32 bytes.' });
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

/** The public half of a private key. */
export function publicKeyOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

/** The public keys that a gateway pins, by key id: the `trust` of `openSnapshot`. */
export function pinnedKeys(texts: readonly string[]): Map<string, KeyObject> {
  return new Map(texts.map((text) => parsePublicKey(text)).map(({ keyId, key }) => [keyId, key]));
}

// Buffer.from skips what is not base64; a key with a typing error must not become another key.
function decodeBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
