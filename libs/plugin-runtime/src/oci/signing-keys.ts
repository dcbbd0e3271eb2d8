import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ociErrors } from './oci-errors';

const MIN_RSA_BITS = 2_048;

/** A public key that the signatures of plugins are checked against. */
export interface SigningKey {
  /** For people: the file it came from. */
  name: string;
  key: KeyObject;
}

/** Reads public keys from PEM files, several in a file if need be. Throws `oci.badSigningKey`. */
export function readSigningKeys(paths: readonly string[]): SigningKey[] {
  return paths.flatMap((path) => {
    let pem;
    try {
      pem = readFileSync(path, 'utf8');
    } catch (error) {
      throw new ociErrors.badSigningKey({ path }, { detail: `The key file ${path} of PLUGIN_SIGNING_KEYS cannot be read.`, cause: error });
    }
    return parseSigningKeys(path, pem);
  });
}

/** The public keys in a PEM text: ECDSA on P-256, Ed25519 or RSA of at least 2048 bits. Throws `oci.badSigningKey`. */
export function parseSigningKeys(name: string, pem: string): SigningKey[] {
  if (pem.includes('PRIVATE KEY')) refuse(name, 'holds a private key; a host needs the public one only');
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g);
  if (blocks === null) refuse(name, 'holds no public key in PEM (-----BEGIN PUBLIC KEY-----)');
  return blocks.map((block) => ({ name, key: parseKey(name, block) }));
}

/** Whether `signature` over `payload` was made with the private half of `key`, the way cosign signs with a key of that kind. */
export function isSignedBy({ key }: SigningKey, payload: Uint8Array, signature: Uint8Array): boolean {
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', payload, key, signature);
}

/** The other half, for tools and tests that publish. */
export function signPayload(privateKey: KeyObject, payload: Uint8Array): Buffer {
  return sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', payload, privateKey);
}

function parseKey(name: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    refuse(name, 'holds a public key that cannot be read');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519' || (type === 'ec' && details?.namedCurve === 'prime256v1') || (type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS)) return key;
  return refuse(name, `holds a key of a kind that is not taken (${type}${details?.namedCurve ? ` on ${details.namedCurve}` : ''}${details?.modulusLength ? ` of ${details.modulusLength} bits` : ''}); use ECDSA on P-256, Ed25519 or RSA of at least ${MIN_RSA_BITS} bits`);
}

function refuse(name: string, what: string): never {
  throw new ociErrors.badSigningKey({ name }, { detail: `The key file ${name} of PLUGIN_SIGNING_KEYS ${what}.` });
}
