import type { Announcement } from './announcement';
import type { SnapshotIdentity } from './snapshot-tag';

/** Whether something is announced that is not in force. What is doubled, late or played back is in force already. */
export function isNews({ epoch, revision, root }: Announcement, applied: SnapshotIdentity | undefined): boolean {
  return !applied || applied.epoch !== epoch || revision > applied.revision || (revision === applied.revision && root !== applied.root);
}

/** Whether nothing is missing between what is in force and the announced change. */
export function follows({ epoch, parent }: Announcement, applied: SnapshotIdentity | undefined): boolean {
  return applied ? applied.epoch === epoch && applied.revision === parent : parent === null;
}
