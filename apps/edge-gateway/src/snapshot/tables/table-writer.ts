import type { Line } from './packed-shard';
import type { PackedTable } from './packed-table';

/** Changes beside a table. What it becomes is another table; until then nobody sees anything of it. */
export interface TableWriter {
  get(key: string): string | undefined;
  has(key: string): boolean;
  /** As `PackedTable.line`. */
  line(prefix: string, fits: (line: Line) => boolean): Line | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Ends the changes, a little at a time. @throws snapshotErrors.duplicateRecord */
  close(): Generator<void>;
  /** The table with the changes that `close` has ended. */
  finish(): PackedTable;
}
