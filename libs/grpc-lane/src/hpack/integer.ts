import { HpackError } from './hpack-error';

/** Larger than any length or index that fits into a header block; beyond it, shifting would lose bits. */
const MAX_INTEGER = 0x0fffffff;

/** Where something stands in a header block. */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
  /** Not to be read beyond. */
  readonly end: number;
}

/**
 * Reads an integer with a prefix of so many bits (RFC 7541, section 5.1); the bits above the prefix are not looked at.
 * @throws HpackError when the block ends within it, or it is larger than 2^28 - 1.
 */
export function readInteger(cursor: Cursor, prefixBits: number): number {
  const { bytes, end } = cursor;
  if (cursor.position >= end) throw new HpackError('The header block ends within an integer.');
  const mask = (1 << prefixBits) - 1;
  let value = bytes[cursor.position++]! & mask;
  if (value < mask) return value;
  for (let shift = 0; ; shift += 7) {
    if (cursor.position >= end) throw new HpackError('The header block ends within an integer.');
    const byte = bytes[cursor.position++]!;
    if (shift > 21) throw new HpackError('An integer of the header block is too large.');
    value += (byte & 0x7f) << shift;
    if (value > MAX_INTEGER) throw new HpackError('An integer of the header block is too large.');
    if (byte < 0x80) return value;
  }
}

/** Appends an integer; `pattern` holds the bits above the prefix. */
export function writeInteger(output: number[], value: number, prefixBits: number, pattern: number): void {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) {
    output.push(pattern | value);
    return;
  }
  output.push(pattern | mask);
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) output.push((rest & 0x7f) | 0x80);
  output.push(rest);
}
