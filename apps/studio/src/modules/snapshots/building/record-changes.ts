import type { RecordName } from '@sluice/config-snapshot';
import { nameText, toName, type RecordVersion } from '../storage/record-version';

/** What becomes of records from one snapshot to the next. */
export interface RecordChanges {
  /** New records, and new versions of records. */
  opened: RecordVersion[];
  /** The versions that end: those that get another one, and those of records that are gone. */
  closed: (RecordName & { hash: Buffer })[];
  /** Records that are gone. */
  deleted: RecordName[];
}

/**
 * Compares what shall be with what is.
 * @param versions of the records in question, those that shall be.
 * @param open the hash of each of the records in question that is in the newest snapshot, by `nameText`.
 */
export function recordChanges(versions: readonly RecordVersion[], open: ReadonlyMap<string, Buffer>): RecordChanges {
  const changes: RecordChanges = { opened: [], closed: [], deleted: [] };
  const wanted = new Set<string>();
  for (const version of versions) {
    const name = nameText(version);
    const hash = open.get(name);
    wanted.add(name);
    if (hash?.equals(version.hash)) continue;
    changes.opened.push(version);
    if (hash) changes.closed.push({ kind: version.kind, id: version.id, hash });
  }
  for (const [name, hash] of open) {
    if (wanted.has(name)) continue;
    const gone = toName(name);
    changes.closed.push({ ...gone, hash });
    changes.deleted.push(gone);
  }
  return changes;
}
