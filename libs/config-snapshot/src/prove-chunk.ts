import { isUtf8 } from 'node:buffer';
import { hash as hashOnce } from 'node:crypto';
import { compareHashes } from './compare-hashes';
import { toPointer } from './json-pointer';
import { snapshotErrors } from './snapshot-errors';
import { HASH_BYTES, leafValues, nodeValue } from './tree-segment';

/** Larger chunks are not fetched: 256 of them would be four times the largest snapshot. */
export const MAX_CHUNK_BYTES = 4 * 1_048_576;

/** A chunk whose bytes are the signed ones. */
export interface ProvedChunk {
  bytes: Buffer;
  /** The hash of each line, 32 bytes each, one after the other: sorted, as the lines are. */
  hashes: Buffer;
  /** The values of the 256 leaves that they make. */
  leaves: Buffer;
  count: number;
  isUtf8: boolean;
  /** Where the n-th record begins in `bytes`, and where it ends. */
  start(position: number): number;
  end(position: number): number;
  /** The canonical text of the n-th record. */
  text(position: number): string;
}

/**
 * Checks a chunk against the node value that an index names for it, before anything in it is parsed.
 * @param node the 32 bytes at `prefix * 32` of the index.
 * @throws snapshotErrors.badRoot, with `/chunks/{prefix}` as path.
 */
export function proveChunk(chunk: Uint8Array, prefix: number, node: Uint8Array): ProvedChunk {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const refuse = () => new snapshotErrors.badRoot({ path: toPointer(['chunks', prefix.toString(16).padStart(2, '0')]) });
  const ends: number[] = [];
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) ends.push(end);
  if (bytes.length > 0 && ends.at(-1) !== bytes.length - 1) throw refuse();
  const start = (position: number) => (position === 0 ? 0 : ends[position - 1]! + 1);
  const hashes = Buffer.allocUnsafeSlow(ends.length * HASH_BYTES);
  for (let position = 0; position < ends.length; position++) {
    hashes.write(hashOnce('sha256', bytes.subarray(start(position), ends[position])), position * HASH_BYTES, 'hex');
    if (hashes[position * HASH_BYTES] !== prefix || (position > 0 && compareHashes(hashes, (position - 1) * HASH_BYTES, hashes, position * HASH_BYTES) >= 0)) throw refuse();
  }
  const leaves = leafValues(hashes);
  if (nodeValue(hashes, leaves) !== Buffer.from(node.buffer, node.byteOffset, node.byteLength).toString('hex')) throw refuse();
  return {
    bytes, hashes, leaves, start, count: ends.length, isUtf8: isUtf8(bytes),
    end: (position) => ends[position]!,
    text: (position) => bytes.toString('utf8', start(position), ends[position]),
  };
}
