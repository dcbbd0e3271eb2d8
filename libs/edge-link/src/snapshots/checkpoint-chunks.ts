import { INDEX_BYTES } from '@sluice/config-snapshot';

const EMPTY = '0'.repeat(64);

/** The node values (hex) of an index blob with the prefix that each belongs to; without those of empty nodes. */
export function chunksOf(indexBlob: Uint8Array): { prefix: number; value: string }[] {
  const index = Buffer.from(indexBlob.buffer, indexBlob.byteOffset, indexBlob.byteLength).subarray(-INDEX_BYTES);
  const all = Array.from({ length: index.length / 32 }, (_, prefix) => ({ prefix, value: index.toString('hex', prefix * 32, prefix * 32 + 32) }));
  return all.filter(({ value }) => value !== EMPTY);
}
