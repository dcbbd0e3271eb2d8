import { DynamicTable, sizeOf } from './dynamic-table';
import type { HeaderField } from './header-field';
import { HpackError } from './hpack-error';
import { decodeHuffman } from './huffman';
import { type Cursor, readInteger } from './integer';
import { STATIC_TABLE } from './static-table';

export interface HpackDecoderOptions {
  /** SETTINGS_HEADER_TABLE_SIZE of this side: the peer's table may be as large, and no larger. Bytes. */
  maxTableBytes: number;
  /** SETTINGS_MAX_HEADER_LIST_SIZE of this side. Bytes, counted as RFC 9113 section 6.5.2 has it. */
  maxListBytes: number;
}

/** Decodes the header blocks of one connection, in their order (RFC 7541, sections 3 and 6). */
export class HpackDecoder {
  private readonly table: DynamicTable;
  private resized = false;

  constructor(private readonly options: HpackDecoderOptions) {
    this.table = new DynamicTable(options.maxTableBytes);
  }

  /** Nothing is remembered: a block means the same as an equal one that was {@link isPure}. */
  get isEmpty(): boolean {
    return this.table.at(0) === undefined;
  }

  /** The last block neither used nor changed what is remembered, so that an equal one need not be decoded while that {@link isEmpty}. */
  get isPure(): boolean {
    return this.isEmpty && !this.resized;
  }

  /** @throws HpackError, and the connection cannot be used any more. */
  decode(bytes: Uint8Array, start = 0, end = bytes.length): HeaderField[] {
    const cursor: Cursor = { bytes, position: start, end };
    const fields: HeaderField[] = [];
    this.resized = false;
    let listBytes = 0;
    while (cursor.position < end) {
      const first = bytes[cursor.position]!;
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) throw new HpackError('A change of the table size stands after a header.');
        this.resize(readInteger(cursor, 5));
        continue;
      }
      const field = this.readField(cursor, first);
      listBytes += sizeOf(field);
      if (listBytes > this.options.maxListBytes) throw new HpackError(`The headers are larger than ${this.options.maxListBytes} bytes.`);
      fields.push(field);
    }
    return fields;
  }

  private readField(cursor: Cursor, first: number): HeaderField {
    if (first >= 0x80) return this.at(readInteger(cursor, 7));
    const indexed = first >= 0x40;
    const nameIndex = readInteger(cursor, indexed ? 6 : 4);
    const name = nameIndex === 0 ? readString(cursor) : this.at(nameIndex).name;
    const field = { name, value: readString(cursor) };
    if (indexed) this.table.add(field);
    return field;
  }

  private at(index: number): HeaderField {
    const field = index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.table.at(index - STATIC_TABLE.length - 1);
    if (!field) throw new HpackError(`There is no header with index ${index}.`);
    return field;
  }

  private resize(maxBytes: number): void {
    if (maxBytes > this.options.maxTableBytes) throw new HpackError(`A table of ${maxBytes} bytes is larger than was allowed.`);
    this.table.resize(maxBytes);
    this.resized = true;
  }
}

/** RFC 7541, section 5.2. */
function readString(cursor: Cursor): string {
  if (cursor.position >= cursor.end) throw new HpackError('The header block ends before a string.');
  const huffman = cursor.bytes[cursor.position]! >= 0x80;
  const length = readInteger(cursor, 7);
  const start = cursor.position;
  if (length > cursor.end - start) throw new HpackError('The header block ends within a string.');
  cursor.position += length;
  if (huffman) return decodeHuffman(cursor.bytes, start, cursor.position);
  return Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + start, length).toString('latin1');
}
