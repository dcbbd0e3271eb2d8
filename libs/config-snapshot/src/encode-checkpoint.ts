import type { RecordTree } from './record-tree';
import { signedHeaderText } from './sign-header';
import type { SignedHeader } from './snapshot-header';

const LINE_FEED = Buffer.from('\n');

/** The bytes of an index blob: the signed header, a line feed, and the 8,192 bytes of the tree's index. */
export function encodeIndex(signed: SignedHeader, tree: Pick<RecordTree, 'index'>): Buffer {
  return Buffer.concat([Buffer.from(signedHeaderText(signed), 'utf8'), LINE_FEED, tree.index()]);
}

/** The bytes of a chunk: the texts of all records whose hash has one first byte, sorted by hash, each with a line feed. */
export function encodeChunk(records: Iterable<{ hash: Uint8Array; text: string }>): Buffer {
  const sorted = [...records].sort((a, b) => Buffer.compare(a.hash, b.hash));
  return Buffer.from(sorted.map(({ text }) => `${text}\n`).join(''), 'utf8');
}
