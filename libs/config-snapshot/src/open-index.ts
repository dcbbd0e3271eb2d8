import { hash as hashOnce } from 'node:crypto';
import { MAX_HEADER_BYTES, openHeader } from './open-header';
import { INDEX_BYTES } from './record-tree';
import type { SignedHeader } from './snapshot-header';
import { snapshotErrors } from './snapshot-errors';
import type { SnapshotTrust } from './snapshot-trust';

/** Longer bytes are no index blob. */
export const MAX_INDEX_BLOB_BYTES = MAX_HEADER_BYTES + 1 + INDEX_BYTES;

export interface OpenedIndex {
  signed: SignedHeader;
  /** The 256 node values, one after the other: each proves its chunk. */
  index: Buffer;
}

/**
 * Opens an index blob, which proves every chunk of a snapshot before it is fetched. Compare its header with what was applied
 * (`checkNewer`): an old one is as genuine as a new one.
 * @throws what `openHeader` throws, and snapshotErrors.badRoot for another index than the signed one.
 */
export function openIndex(blob: Uint8Array, trust: SnapshotTrust): OpenedIndex {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length > MAX_INDEX_BLOB_BYTES) throw new snapshotErrors.tooLarge({ path: '/index' });
  const end = bytes.length - INDEX_BYTES - 1;
  if (end < 0 || bytes[end] !== 0x0a) throw new snapshotErrors.badEncoding({ path: '/index' });
  const signed = openHeader(bytes.subarray(0, end), trust);
  const index = Buffer.from(bytes.subarray(end + 1));
  const { epoch, revision, root } = signed.header;
  if (hashOnce('sha256', index) !== root) throw new snapshotErrors.badRoot({ epoch, revision, path: '/index' });
  return { signed, index };
}
