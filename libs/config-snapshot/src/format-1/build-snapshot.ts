import { FORMAT_1, type SignedSnapshot, type Format1Header } from './snapshot';
import type { SnapshotRecord } from '../records';
import { checkRecords } from './check-records';
import { checkReferences } from './check-references';
import { compareRecords } from '../record-order';
import { rootHash } from './root-hash';

/** A snapshot before it is signed. */
export type UnsignedSnapshot = Pick<SignedSnapshot, 'header' | 'records'>;

export interface SnapshotContent extends Pick<Format1Header, 'namespace' | 'epoch' | 'revision' | 'parent'> {
  createdAt: Date;
  /** In any order. */
  records: readonly SnapshotRecord[];
}

/**
 * Puts records into their one order and makes the header for them. Equal content gives equal bytes, whatever order the
 * database returned its rows in.
 * @throws snapshotErrors.badRecord, duplicateRecord, duplicateSlug or danglingReference for content that every gateway
 * would refuse, so that it is never signed; the pointers count records in their one order.
 */
export function buildSnapshot(content: SnapshotContent): UnsignedSnapshot {
  const { namespace, epoch, revision, parent } = content;
  const records = [...content.records].sort(compareRecords);
  checkRecords(records, { epoch, revision });
  checkReferences(records, { epoch, revision });
  const header: Format1Header = {
    format: FORMAT_1,
    namespace,
    epoch,
    revision,
    parent,
    root: rootHash(records),
    created_at: content.createdAt.toISOString(),
  };
  return { header, records };
}
