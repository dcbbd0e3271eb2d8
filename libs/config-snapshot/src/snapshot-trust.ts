import type { KeyObject } from 'node:crypto';
import type { SnapshotHeader } from './snapshot-header';
import { snapshotErrors } from './snapshot-errors';

/** Whom a gateway believes, and what is meant for it. */
export interface SnapshotTrust {
  /** By key id; several while a key is rotated. */
  publicKeys: ReadonlyMap<string, KeyObject>;
  namespace: string;
}

/** What a gateway serves now. Pass the whole header: with `created_at`, a snapshot of a past epoch cannot be replayed. */
export type AppliedRevision = Pick<SnapshotHeader, 'epoch' | 'revision'> & Partial<Pick<SnapshotHeader, 'root' | 'created_at'>>;

/**
 * Revisions count the writes of one history. A restore from backup starts another one, whose revisions may be lower than what gateways
 * already applied: if they were compared, every gateway would refuse the restored studio for good. A different epoch is therefore
 * accepted at any revision. So that nobody can play back a snapshot of an abandoned history, it has to have been made after the one
 * that was applied.
 * @throws snapshotErrors.staleRevision; see `isUnchanged`.
 */
export function checkNewer(header: Pick<SnapshotHeader, 'epoch' | 'revision' | 'root' | 'created_at'>, applied: AppliedRevision): void {
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
