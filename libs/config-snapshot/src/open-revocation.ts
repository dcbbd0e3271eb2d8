import { isObject } from './is-object';
import { revocationBytes, encodeRevocation, type Revocation, type SignedRevocation } from './revocation';
import { verifySignature } from './sign-header';
import { snapshotErrors } from './snapshot-errors';
import type { SnapshotTrust } from './snapshot-trust';

/** Longer notices are not looked at: 10,000 tokens fit. */
export const MAX_REVOCATION_BYTES = 1_048_576;

const HASH = /^[0-9a-f]{64}$/;

/**
 * Opens a revocation notice that came through an untrusted pipe.
 * @throws snapshotErrors.tooLarge, badEncoding, unknownKey, badSignature or wrongNamespace.
 */
export function openRevocation(bytes: Uint8Array, trust: SnapshotTrust): Revocation {
  if (bytes.length > MAX_REVOCATION_BYTES) throw new snapshotErrors.tooLarge({ path: '' });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signed = parse(buffer.toString('utf8'));
  const { revocation, key_id, signature } = signed;
  const context = { epoch: revocation.epoch, revision: revocation.revision };
  const publicKey = trust.publicKeys.get(key_id);
  if (!publicKey) throw new snapshotErrors.unknownKey({ ...context, path: '/key_id', keyId: key_id });
  if (!isCanonical(signed, buffer)) throw new snapshotErrors.badEncoding({ ...context, path: '/revocation' });
  if (!verifySignature(revocationBytes(revocation), signature, publicKey)) throw new snapshotErrors.badSignature({ ...context, path: '/signature' });
  if (revocation.namespace !== trust.namespace) {
    throw new snapshotErrors.wrongNamespace({ ...context, path: '/revocation/namespace', namespace: revocation.namespace, expected: trust.namespace });
  }
  return revocation;
}

function parse(text: string): SignedRevocation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new snapshotErrors.badEncoding({ path: '' }, { cause });
  }
  if (isObject(value) && typeof value['key_id'] === 'string' && typeof value['signature'] === 'string' && isRevocation(value['revocation'])) {
    return { revocation: value['revocation'], key_id: value['key_id'], signature: value['signature'] };
  }
  throw new snapshotErrors.badEncoding({ path: '' });
}

function isRevocation(value: unknown): value is Revocation {
  if (!isObject(value)) return false;
  const { namespace, epoch, revision, token_hashes: hashes } = value;
  if (typeof namespace !== 'string' || typeof epoch !== 'string' || !Number.isSafeInteger(revision) || (revision as number) < 0) return false;
  return Array.isArray(hashes) && hashes.every((hash) => typeof hash === 'string' && HASH.test(hash));
}

function isCanonical(signed: SignedRevocation, bytes: Buffer): boolean {
  try {
    return bytes.equals(encodeRevocation(signed));
  } catch {
    return false;
  }
}
