import type { StoredRevision } from '../storage/stored-revision';

export interface RevisionDetails {
  stored: StoredRevision;
  /** How many records of each kind. */
  kinds: Record<string, number>;
  isNewest: boolean;
}
