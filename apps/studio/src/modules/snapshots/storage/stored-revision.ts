import type { SignedHeader } from '@sluice/config-snapshot';

/** A revision that lies in the database, without its records. */
export interface StoredRevision {
  namespace: string;
  epoch: string;
  revision: number;
  /** null for the first of an epoch. */
  parent: number | null;
  root: string;
  /** How many records it has. */
  records: number;
  /** How many records it sets and removes against its parent. */
  upserts: number;
  deletes: number;
  signed: SignedHeader;
  createdAt: Date;
}
