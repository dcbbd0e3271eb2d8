import { HpackError } from './hpack-error';
import { CODES, CODE_LENGTHS, END_OF_STRING } from './huffman-code';

/**
 * The code as a binary tree in one array: the children of node n stand at 2n and 2n + 1. Above zero a child is a node, below it is
 * the symbol -(child + 1), and zero is no child.
 */
const TREE = buildTree();

/** Padding may not be a byte or longer (RFC 7541, section 5.2). */
const MAX_PADDING_BITS = 7;

/**
 * Decodes a Huffman-coded string (RFC 7541, section 5.2) into a latin1 string.
 * @throws HpackError when it holds the end-of-string symbol, or its padding is too long or not the beginning of that symbol.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string {
  // The shortest code has 5 bits.
  const output = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / 5));
  let length = 0;
  let node = 0;
  let bitsSinceSymbol = 0;
  let onlyOnes = true;
  for (let position = start; position < end; position++) {
    const byte = bytes[position]!;
    for (let bit = 7; bit >= 0; bit--) {
      const one = (byte >> bit) & 1;
      const child = TREE[2 * node + one]!;
      bitsSinceSymbol++;
      if (one === 0) onlyOnes = false;
      if (child > 0) {
        node = child;
        continue;
      }
      const symbol = -(child + 1);
      if (symbol === END_OF_STRING) throw new HpackError('A Huffman-coded string holds the end-of-string symbol.');
      output[length++] = symbol;
      node = 0;
      bitsSinceSymbol = 0;
      onlyOnes = true;
    }
  }
  if (bitsSinceSymbol > MAX_PADDING_BITS || !onlyOnes) throw new HpackError('A Huffman-coded string ends with wrong padding.');
  return output.toString('latin1', 0, length);
}

/** The Huffman code of a latin1 string, padded with ones. */
export function encodeHuffman(text: string): Uint8Array {
  const output: number[] = [];
  let pending = 0n;
  let bits = 0;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index);
    const length = CODE_LENGTHS[symbol]!;
    pending = (pending << BigInt(length)) | BigInt(CODES[symbol]!);
    bits += length;
    while (bits >= 8) {
      bits -= 8;
      output.push(Number((pending >> BigInt(bits)) & 0xffn));
    }
    pending &= (1n << BigInt(bits)) - 1n;
  }
  if (bits > 0) output.push(Number(((pending << BigInt(8 - bits)) | ((1n << BigInt(8 - bits)) - 1n)) & 0xffn));
  return Uint8Array.from(output);
}

function buildTree(): Int16Array {
  const tree = new Int16Array(2 * CODE_LENGTHS.length);
  let nodes = 1;
  for (const [symbol, length] of CODE_LENGTHS.entries()) {
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit--) {
      const slot = 2 * node + ((CODES[symbol]! >> bit) & 1);
      if (bit === 0) tree[slot] = -(symbol + 1);
      else node = tree[slot] ||= nodes++;
    }
  }
  return tree;
}
