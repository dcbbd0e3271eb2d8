import { isSluiceError } from '@sluice/kernel';
import { snapshotErrors } from './snapshot-errors';

/** What a gateway reports when it refuses a snapshot. */
export interface SnapshotRefusal {
  /** `''` and 0 when not even the header could be read. */
  epoch: string;
  revision: number;
  /** For example `snapshot.badSignature`. */
  code: string;
  /** JSON pointer into the snapshot; `''` for the envelope as a whole. */
  path: string;
  message: string;
}

/** True when the error of `openSnapshot` only says that this very snapshot is the one that was applied. */
export function isUnchanged(error: unknown): boolean {
  return isSluiceError(error) && error.code === 'snapshot.staleRevision' && error.details['unchanged'] === true;
}

/** The refusal that stands for an error of `openSnapshot`, or for whatever else kept a snapshot from being applied. */
export function refusalOf(error: unknown): SnapshotRefusal {
  // The words of an error that is not ours may say anything, so they stay here.
  if (!isSluiceError(error)) return refusalOf(new snapshotErrors.failed());
  const { epoch, revision, path } = error.details;
  return {
    epoch: typeof epoch === 'string' ? epoch : '',
    revision: typeof revision === 'number' ? revision : 0,
    code: error.code,
    path: typeof path === 'string' ? path : '',
    message: error.message,
  };
}
