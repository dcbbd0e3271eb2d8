import type { JsonValue } from '../records';
import type { SignedSnapshot } from './snapshot';
import { canonicalText } from '../canonical-bytes';
import { recordText } from '../record-hash';

/**
 * The exact bytes that travel and lie on disk: the canonical JSON of `{header, key_id, records, signature}`. There is one
 * encoding of a snapshot, so any other sequence of bytes is refused by `openSnapshot`.
 */
export function encodeSnapshot(snapshot: SignedSnapshot): Buffer {
  return Buffer.from(textBeforeRecords(snapshot) + snapshot.records.map(recordText).join(',') + textAfterRecords(snapshot), 'utf8');
}

/** Up to the first record. */
export function textBeforeRecords(snapshot: Pick<SignedSnapshot, 'header' | 'key_id'>): string {
  const header = canonicalText(snapshot.header as unknown as JsonValue);
  return `{"header":${header},"key_id":${canonicalText(snapshot.key_id)},"records":[`;
}

/** From the end of the last record. */
export function textAfterRecords(snapshot: Pick<SignedSnapshot, 'signature'>): string {
  return `],"signature":${canonicalText(snapshot.signature)}}`;
}
