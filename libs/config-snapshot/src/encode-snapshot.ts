import type { JsonValue } from './records';
import type { SignedSnapshot } from './snapshot';
import { canonicalText } from './canonical-bytes';
import { recordText } from './record-hash';

/**
 * The exact bytes that travel and lie on disk: the canonical JSON of `{header, key_id, records, signature}`. There is one
 * encoding of a snapshot, so any other sequence of bytes is refused by `openSnapshot`.
 */
export function encodeSnapshot(snapshot: SignedSnapshot): Buffer {
  return Buffer.from(snapshotText(snapshot, snapshot.records.map(recordText)), 'utf8');
}

/** The same as text, for records whose canonical texts are at hand. */
export function snapshotText(snapshot: SignedSnapshot, recordTexts: readonly string[]): string {
  const header = canonicalText(snapshot.header as unknown as JsonValue);
  const keyId = canonicalText(snapshot.key_id);
  const signature = canonicalText(snapshot.signature);
  return `{"header":${header},"key_id":${keyId},"records":[${recordTexts.join(',')}],"signature":${signature}}`;
}
