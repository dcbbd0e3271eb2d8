import type { HeaderField } from './header-field';
import { encodeHuffman } from './huffman';
import { writeInteger } from './integer';
import { STATIC_TABLE } from './static-table';

const LITERAL_WITHOUT_INDEXING = 0x00;
const INDEXED = 0x80;
const HUFFMAN = 0x80;

const WHOLE = new Map(STATIC_TABLE.map(({ name, value }, index) => [`${name}\n${value}`, index + 1]));
const NAMES = new Map([...STATIC_TABLE.entries()].reverse().map(([index, { name }]) => [name, index + 1]));

/**
 * Encodes header fields without a dynamic table, so that a block means the same on every connection and can be made once. Strings are
 * Huffman-coded where that is shorter, unless the reader's time is worth more than the bytes. RFC 7541, sections 6.1 and 6.2.2.
 */
export function encodeHeaders(fields: readonly HeaderField[], huffman = true): Buffer {
  const output: number[] = [];
  for (const { name, value } of fields) {
    const whole = WHOLE.get(`${name}\n${value}`);
    if (whole !== undefined) {
      writeInteger(output, whole, 7, INDEXED);
      continue;
    }
    const index = NAMES.get(name) ?? 0;
    writeInteger(output, index, 4, LITERAL_WITHOUT_INDEXING);
    if (index === 0) writeString(output, name, huffman);
    writeString(output, value, huffman);
  }
  return Buffer.from(output);
}

function writeString(output: number[], text: string, huffman: boolean): void {
  const code = huffman ? encodeHuffman(text) : undefined;
  if (code && code.length < text.length) {
    writeInteger(output, code.length, 7, HUFFMAN);
    output.push(...code);
    return;
  }
  writeInteger(output, text.length, 7, 0);
  for (let index = 0; index < text.length; index++) output.push(text.charCodeAt(index) & 0xff);
}
