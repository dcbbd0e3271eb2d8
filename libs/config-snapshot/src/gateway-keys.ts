import { createCipheriv, createDecipheriv, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { importSealingKey, sealingPublicKey } from './sealing-keys';
import { snapshotErrors } from './snapshot-errors';

/** What a gateway is given by a record `gateway_key`: 32 bytes each. */
export interface GatewayKeys {
  /** Opens the secrets of plugin configs of the gateway's namespace: see `sealConfig`. */
  namespaceKey: Uint8Array;
  /** For `hashToken`. */
  tokenHashKey: Uint8Array;
  /** Signs the events that go between the planes. */
  eventKey: Uint8Array;
}

/** Whom keys are meant for: they open nowhere else. */
export interface GatewayKeyPlace {
  gatewayId: number;
  namespace: string;
  keyVersion: number;
}

const PUBLIC_KEY_BYTES = 32;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const FIELDS = ['namespaceKey', 'tokenHashKey', 'eventKey'] as const;

/**
 * Seals keys to a gateway's X25519 key: an ephemeral key agreement, HKDF-SHA256 over it, AES-256-GCM, bound to the place.
 * No two results are equal.
 * @param recipient the raw 32 bytes of the gateway's public sealing key
 * @returns base64url of the ephemeral public key, the tag and the ciphertext
 * @throws snapshotErrors.badKey when the recipient's key is none that anything could be sealed to.
 */
export function sealGatewayKeys(keys: GatewayKeys, recipient: Uint8Array, place: GatewayKeyPlace): string {
  const { privateKey } = generateKeyPairSync('x25519');
  const ephemeral = sealingPublicKey(privateKey);
  const { key, nonce, aad } = agree(privateKey, importSealingKey(recipient), ephemeral, recipient, place);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([...FIELDS.map((field) => cipher.update(keys[field])), cipher.final()]);
  return Buffer.concat([ephemeral, cipher.getAuthTag(), ciphertext]).toString('base64url');
}

/** The inverse, on the gateway. @throws snapshotErrors.badSeal */
export function openGatewayKeys(sealed: string, privateKey: KeyObject, place: GatewayKeyPlace): GatewayKeys {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const ephemeral = bytes.subarray(0, PUBLIC_KEY_BYTES);
    const { key, nonce, aad } = agree(privateKey, importSealingKey(ephemeral), ephemeral, sealingPublicKey(privateKey), place);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad);
    decipher.setAuthTag(bytes.subarray(PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(PUBLIC_KEY_BYTES + TAG_BYTES)), decipher.final()]);
    if (plain.length !== FIELDS.length * KEY_BYTES) throw new Error(`Expected ${FIELDS.length} keys, got ${plain.length} bytes.`);
    const [namespaceKey, tokenHashKey, eventKey] = FIELDS.map((_, index) => Uint8Array.from(plain.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES)));
    return { namespaceKey: namespaceKey!, tokenHashKey: tokenHashKey!, eventKey: eventKey! };
  } catch (cause) {
    throw new snapshotErrors.badSeal({ path: `/records/gateway_key/${place.gatewayId}/data/sealed` }, { cause });
  }
}

// Both public keys go into the derivation, so that the result belongs to this exchange. The key is used once: its nonce may be derived too.
function agree(privateKey: KeyObject, publicKey: KeyObject, ephemeral: Uint8Array, recipient: Uint8Array, place: GatewayKeyPlace): { key: Buffer; nonce: Buffer; aad: Buffer } {
  let secret: Buffer;
  try {
    secret = diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new snapshotErrors.badKey({}, { detail: 'Nothing can be sealed to this X25519 key.', cause });
  }
  const aad = Buffer.from(JSON.stringify(['sluice edge v1 gateway key', place.gatewayId, place.namespace, place.keyVersion]), 'utf8');
  const derived = Buffer.from(hkdfSync('sha256', secret, Buffer.concat([ephemeral, recipient]), aad, KEY_BYTES + NONCE_BYTES));
  return { key: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES), aad };
}
