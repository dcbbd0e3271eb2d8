const FIRST_BYTES = 16_384;
/** UTF-8 of one UTF-16 unit. */
const MOST_BYTES_PER_UNIT = 3;
const LONGEST_VARINT = 5;
/** Shorter text is cheaper to copy here than to hand to the system. */
const SHORT_TEXT = 24;

/**
 * Writes protobuf into one buffer that is used again for each message, since a message of the hot path is made in one turn and copied once. What is written
 * are the bytes that a generated encoder writes for fields in the same order.
 */
export class MessageWriter {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private at = 0;

  /** Forgets what was written. */
  reset(): void {
    this.at = 0;
  }

  /** A field of type uint32, bool or enum; 0 is left out. `tag` is that of the field, below 128. */
  number(tag: number, value: number): void {
    if (value === 0) return;
    this.reserve(1 + LONGEST_VARINT);
    this.buffer[this.at++] = tag;
    this.varint(value);
  }

  /** Empty text is left out. */
  text(tag: number, value: string): void {
    if (value !== '') this.element(tag, value);
  }

  /** Text of a repeated field, which may be empty. */
  element(tag: number, value: string): void {
    this.reserve(1 + LONGEST_VARINT + value.length * MOST_BYTES_PER_UNIT);
    this.buffer[this.at++] = tag;
    const start = ++this.at;
    this.characters(value);
    this.end(start);
  }

  /** One entry of a `map<string, string>`. */
  entry(tag: number, key: string, value: string): void {
    const start = this.begin(tag);
    this.text(10, key);
    this.text(18, value);
    this.end(start);
  }

  /** No bytes are left out. */
  bytes(tag: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.length(tag, value.length);
    this.raw(value);
  }

  /** The beginning of a field of so many bytes, which follow elsewhere. */
  length(tag: number, bytes: number): void {
    this.reserve(1 + LONGEST_VARINT);
    this.buffer[this.at++] = tag;
    this.varint(bytes);
  }

  /** As they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Begins a message within the message. @returns what {@link end} needs. */
  begin(tag: number): number {
    this.reserve(1 + LONGEST_VARINT);
    this.buffer[this.at++] = tag;
    return ++this.at;
  }

  /** One byte was left for the length; where it needs more, the content moves. */
  end(start: number): void {
    const length = this.at - start;
    if (length < 0x80) {
      this.buffer[start - 1] = length;
      return;
    }
    const more = varintBytes(length) - 1;
    this.reserve(more);
    this.buffer.copyWithin(start + more, start, this.at);
    this.at = start - 1;
    this.varint(length);
    this.at += length;
  }

  /** A copy of what was written. */
  finish(): Buffer {
    const message = Buffer.allocUnsafe(this.at);
    this.buffer.copy(message, 0, 0, this.at);
    return message;
  }

  private characters(value: string): void {
    const { buffer, at } = this;
    if (value.length > SHORT_TEXT) {
      this.at += buffer.write(value, at);
      return;
    }
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.at = at + buffer.write(value, at);
        return;
      }
      buffer[at + i] = code;
    }
    this.at = at + value.length;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }

  private reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * needed);
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}
