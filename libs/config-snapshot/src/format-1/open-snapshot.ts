import type { SignedSnapshot } from './snapshot';
import { checkRecords } from './check-records';
import { checkReferences } from './check-references';
import { readEnvelope, MAX_SNAPSHOT_BYTES } from './read-envelope';
import { readRecords } from './read-records';
import { verifyHeader } from './sign-snapshot';
import { snapshotErrors } from '../snapshot-errors';
import { checkNewer, type AppliedRevision, type SnapshotTrust } from '../snapshot-trust';

export interface Format1Trust extends SnapshotTrust {
  /** Default: 256 MiB. */
  maxBytes?: number;
}

/**
 * Opens bytes that came through an untrusted pipe. Checks, in this order: size, format, encoding of what stands
 * around the records, key, signature, namespace, epoch and revision, root, canonical form, every record, references. Nothing is
 * parsed that nobody signed. What it returns encodes to the very same bytes.
 * @throws one of snapshotErrors, with `details.path`; nothing of a refused snapshot may be used. See `isUnchanged`.
 */
export function openSnapshot(bytes: Uint8Array, trust: Format1Trust, applied: AppliedRevision | null): SignedSnapshot {
  const { records: unproved, ...signed } = readEnvelope(bytes, trust.maxBytes ?? MAX_SNAPSHOT_BYTES);
  const { header, key_id } = signed;
  const context = { epoch: header.epoch, revision: header.revision };

  const publicKey = trust.publicKeys.get(key_id);
  if (!publicKey) throw new snapshotErrors.unknownKey({ ...context, path: '/key_id', keyId: key_id });
  if (!verifyHeader(signed, publicKey)) throw new snapshotErrors.badSignature({ ...context, path: '/signature' });
  if (header.namespace !== trust.namespace) {
    throw new snapshotErrors.wrongNamespace({ ...context, path: '/header/namespace', namespace: header.namespace, expected: trust.namespace });
  }
  if (applied) checkNewer(header, applied);

  const records = readRecords(unproved, header);
  checkRecords(records, context);
  checkReferences(records, context);
  return { ...signed, records };
}
