import { openSnapshot, recordHash, RecordTree, recordText, type AppliedRevision, type SnapshotTrust } from '@sluice/config-snapshot';
import { runAtOnce } from '../time-slice';
import { TablesDraft } from '../tables/tables-draft';
import { SnapshotTables } from '../tables/snapshot-tables';
import type { SnapshotContent } from './snapshot-content';

/**
 * A whole snapshot in format 1, from a studio or a disk one version older, read in one turn as it was then.
 * @throws what `openSnapshot` throws
 */
export function readFormat1(body: Uint8Array, trust: SnapshotTrust, applied: AppliedRevision | null): SnapshotContent {
  const { header, records } = openSnapshot(body, trust, applied);
  const draft = new TablesDraft(SnapshotTables.empty);
  const tree = RecordTree.empty();
  for (const record of records) {
    const text = recordText(record);
    tree.add(recordHash(text));
    draft.put({ known: true, record }, () => text);
  }
  runAtOnce(draft.close());
  return { header, signed: undefined, tree, tables: draft.finish(records.length) };
}
