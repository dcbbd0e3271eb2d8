import type { RecordName } from './record-name';
import { canonicalText } from './canonical-bytes';
import { signedHeaderText } from './sign-header';
import type { SignedHeader } from './snapshot-header';
import { compareRecords } from './record-order';

/** From `signed.header.parent` to `signed.header.revision`. */
export interface DeltaContent {
  signed: SignedHeader;
  /** Records of the parent that are gone. */
  deletes: readonly RecordName[];
  /** The canonical texts (`recordText`) of records that are new or different. */
  upserts: readonly string[];
}

/**
 * The exact bytes of a delta: one line of JSON, `{"signed":…,"deletes":[{"id":…,"kind":…}…],"upserts":[record…]}`, without a line
 * feed. Tokens stand first among the deletes, and upserts in the order of their texts, so that a change has one encoding. It carries no signature of its own: applied to the parent it gives the signed root.
 */
export function encodeDelta({ signed, deletes, upserts }: DeltaContent): Buffer {
  const gone = [...deletes].sort(compareDeletes).map(deleteText).join(',');
  return Buffer.from(`{"signed":${signedHeaderText(signed)},"deletes":[${gone}],"upserts":[${[...upserts].sort().join(',')}]}`, 'utf8');
}

/** Tokens first: whoever reads half of a delta has read what it takes away. */
export function compareDeletes(a: RecordName, b: RecordName): number {
  return Number(b.kind === 'token') - Number(a.kind === 'token') || compareRecords(a, b);
}

export function deleteText({ kind, id }: RecordName): string {
  return canonicalText({ kind, id });
}
