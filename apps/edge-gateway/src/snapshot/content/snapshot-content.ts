import { RecordTree, type Format1Header, type SignedHeader } from '@sluice/config-snapshot';
import { SnapshotTables } from '../tables/snapshot-tables';

/** A revision that has been proved: what it says, and what the next one is proved by. */
export interface SnapshotContent {
  /** Of either format: these are the fields that both have. */
  header: Format1Header;
  /** Undefined for a snapshot of format 1, whose signature proves nothing but its own body. */
  signed: SignedHeader | undefined;
  tree: RecordTree;
  tables: SnapshotTables;
}

/** What a revision is made from. */
export type ContentBase = Pick<SnapshotContent, 'tree' | 'tables'>;

/** Where a gateway begins that has nothing. */
export function nothing(): ContentBase {
  return { tree: RecordTree.empty(), tables: SnapshotTables.empty };
}

/** Content that could be put into force. */
export interface PreparedContent {
  content: SnapshotContent;
  /** To be called when it is not: what it was made from is then as it was. */
  giveUp(): void;
}
