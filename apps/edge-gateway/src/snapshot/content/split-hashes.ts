import { compareHashes } from '@sluice/config-snapshot';

const HASH_BYTES = 32;

/** Compares two sorted lists of hashes: positions in `after` that `before` does not have, and hashes (hex) that only `before` has. */
export function splitHashes(before: Buffer, after: Buffer): { added: number[]; removed: string[] } {
  const added: number[] = [];
  const removed: string[] = [];
  let old = 0;
  let next = 0;
  while (old < before.length || next < after.length) {
    const order = old >= before.length ? 1 : next >= after.length ? -1 : compareHashes(before, old, after, next);
    if (order > 0) added.push(next / HASH_BYTES);
    if (order < 0) removed.push(before.toString('hex', old, old + HASH_BYTES));
    if (order >= 0) next += HASH_BYTES;
    if (order <= 0) old += HASH_BYTES;
  }
  return { added, removed };
}
