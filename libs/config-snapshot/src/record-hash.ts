import { hash as hashOnce } from 'node:crypto';
import type { JsonValue, SnapshotRecord } from './records';
import { canonicalText } from './canonical-bytes';
import { quickText } from './quick-record';

/** SHA-256 over the canonical bytes of `{data, id, kind}`; lower-case hex. */
export function hashRecord(record: SnapshotRecord): string {
  return hashRecordText(recordText(record));
}

/** The canonical text of a record. Only the three keys that a record has take part. */
export function recordText(record: SnapshotRecord): string {
  const { kind, id, data } = record;
  return quickText(record) ?? canonicalText({ kind, id, data: data as unknown as JsonValue });
}

/** The 32 raw bytes of the hash of a record whose canonical text is at hand. */
export function recordHash(text: string): Buffer {
  return Buffer.from(hashRecordText(text), 'hex');
}

/** The hash of a record whose canonical text is at hand; lower-case hex. */
export function hashRecordText(text: string): string {
  return hashOnce('sha256', text);
}
