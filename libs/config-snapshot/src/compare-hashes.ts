const HASH_BYTES = 32;

/**
 * Compares the hash at one offset with the hash at another, as bytes. Hashes differ early: this is done before a call into native code
 * would have begun.
 */
export function compareHashes(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let index = 0; index < HASH_BYTES; index++) {
    const difference = a[aOffset + index]! - b[bOffset + index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
