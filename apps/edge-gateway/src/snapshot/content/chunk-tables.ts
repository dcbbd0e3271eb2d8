import type { ProvedChunk, RecordTree } from '@sluice/config-snapshot';
import type { SnapshotTables } from '../tables/snapshot-tables';

/** Tables that are made out of chunks, beside what is in force. */
export interface ChunkTables {
  /** The tree of all records; proved when its root is the signed one. */
  readonly tree: RecordTree;
  /** Takes what a chunk says, a little at a time. @throws what `readRecord` and the tables throw */
  take(prefix: number, chunk: ProvedChunk): Generator<void>;
  /** After the last chunk: ends the changes. @throws snapshotErrors.danglingReference and duplicateRecord */
  close(): Generator<void>;
  /** @throws snapshotErrors.duplicateSlug and duplicateRecord */
  finish(): SnapshotTables;
}

/** How many records are read before the clock is looked at. */
export const RECORDS_AT_ONCE = 16;
