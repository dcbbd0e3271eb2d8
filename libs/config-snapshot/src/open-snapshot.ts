import type { KeyObject } from 'node:crypto';
import type { SignedSnapshot, Format1Header } from './snapshot';
import { checkRecords } from './check-records';
import { checkReferences } from './check-references';
import { readEnvelope, MAX_SNAPSHOT_BYTES } from './read-envelope';
import { readRecords } from './read-records';
import { verifyHeader } from './sign-snapshot';
import { snapshotErrors } from './snapshot-errors';

export interface SnapshotTrust {
  /** By key id; several while a key is rotated. */
  publicKeys: ReadonlyMap<string, KeyObject>;
  namespace: string;
  /** Default: 256 MiB. */
  maxBytes?: number;
}

/** What a gateway serves now. Pass the whole header: with `created_at`, a snapshot of a past epoch cannot be replayed. */
export type AppliedRevision = Pick<Format1Header, 'epoch' | 'revision'> & Partial<Pick<Format1Header, 'root' | 'created_at'>>;

/**
 * Opens bytes that came through an untrusted pipe. Checks, in this order: size, format, encoding of what stands
 * around the records, key, signature, namespace, epoch and revision, root, canonical form, every record, references. Nothing is
 * parsed that nobody signed. What it returns encodes to the very same bytes.
 * @throws one of snapshotErrors, with `details.path`; nothing of a refused snapshot may be used. See `isUnchanged`.
 */
export function openSnapshot(bytes: Uint8Array, trust: SnapshotTrust, applied: AppliedRevision | null): SignedSnapshot {
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

// Revisions count the writes of one history. A restore from backup starts another one, whose revisions may be lower
// than what gateways already applied: if they were compared, every gateway would refuse the restored studio for good.
// A different epoch is therefore accepted at any revision. So that nobody can play back a snapshot of an abandoned
// history, it has to have been made after the one that was applied.
function checkNewer(header: Format1Header, applied: AppliedRevision): void {
  const sameEpoch = header.epoch === applied.epoch;
  const newer = sameEpoch
    ? header.revision > applied.revision
    : applied.created_at === undefined || Date.parse(header.created_at) > Date.parse(applied.created_at);
  if (newer) return;
  const unchanged = sameEpoch && header.revision === applied.revision && (applied.root === undefined || applied.root === header.root);
  throw new snapshotErrors.staleRevision(
    { epoch: header.epoch, revision: header.revision, root: header.root, path: sameEpoch ? '/header/revision' : '/header/epoch', applied: { ...applied }, unchanged },
    { detail: `Revision ${header.revision} of epoch ${header.epoch} is not newer than revision ${applied.revision} of epoch ${applied.epoch}.` },
  );
}
