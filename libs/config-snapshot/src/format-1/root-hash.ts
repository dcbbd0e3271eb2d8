import { createHash } from 'node:crypto';
import type { SnapshotRecord } from '../records';
import { hashRecord } from '../record-hash';

/** The root of a set of records, whatever order they come in; lower-case hex. */
export function rootHash(records: readonly SnapshotRecord[]): string {
  return rootOfHashes(records.map(hashRecord));
}

/**
 * SHA-256 over the record hashes, sorted, 64 hex digits each, one after the other. A delta can therefore compute the
 * new root from hashes alone, without the records that did not change.
 */
export function rootOfHashes(recordHashes: readonly string[]): string {
  const hash = createHash('sha256');
  for (const recordHash of [...recordHashes].sort()) hash.update(recordHash, 'latin1');
  return hash.digest('hex');
}
