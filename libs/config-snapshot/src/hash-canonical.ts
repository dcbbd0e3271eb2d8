import type { SignedSnapshot } from './snapshot';
import type { SnapshotRecord } from './records';
import { textAfterRecords, textBeforeRecords } from './encode-snapshot';
import { hashRecordText, recordText } from './record-hash';
import { compareRecords } from './record-order';
import { snapshotErrors } from './snapshot-errors';

/**
 * Proves that a text is the one encoding of the snapshot that was parsed from it, and gives the hash of each record on
 * the way. Record by record, so that a large snapshot is never in memory twice.
 * @throws snapshotErrors.badEncoding with the first record that is written, or placed, in another way.
 */
export function hashCanonical(text: string, snapshot: SignedSnapshot): string[] {
  const { header, records } = snapshot;
  const refuse = (path: string, detail?: string, cause?: unknown) =>
    new snapshotErrors.badEncoding({ epoch: header.epoch, revision: header.revision, path }, { detail, cause });

  let position = 0;
  const expect = (part: string, path: string) => {
    if (!text.startsWith(part, position)) throw refuse(path);
    position += part.length;
  };

  const hashes: string[] = [];
  expect(textBeforeRecords(snapshot), '');
  for (const [index, record] of records.entries()) {
    const path = `/records/${index}`;
    const before = records[index - 1];
    // Equal neighbours are duplicates, and are named as such with the references.
    if (before && compareRecords(before, record) > 0) throw refuse(path, 'The records are not in their order.');
    if (before) expect(',', path);
    const part = canonicalRecord(record, (cause) => refuse(path, undefined, cause));
    expect(part, path);
    hashes.push(hashRecordText(part));
  }
  expect(textAfterRecords(snapshot), '');
  if (position !== text.length) throw refuse('');
  return hashes;
}

function canonicalRecord(record: SnapshotRecord, refuse: (cause: unknown) => Error): string {
  try {
    return recordText(record);
  } catch (cause) {
    throw refuse(cause);
  }
}
