const FIRST_BYTES = 4_096;

/** Puts a line together out of pieces of other bytes, over and over in the same memory. */
export class LineWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  length = 0;
  /** Where the key ends: after its line feed, that many bytes. */
  keyEnd = 0;

  /** Begins a line with its key. */
  begin(source: Uint8Array, start: number, end: number): void {
    this.length = 0;
    this.code(0x0a);
    this.copy(source, start, end);
    this.keyEnd = this.length;
    this.code(0x20);
  }

  copy(source: Uint8Array, start: number, end: number): void {
    this.makeRoom(end - start);
    const { bytes } = this;
    let { length } = this;
    // Pieces are short: this is done before a call into native code would have begun.
    for (let position = start; position < end; position++) bytes[length++] = source[position]!;
    this.length = length;
  }

  code(code: number): void {
    this.makeRoom(1);
    this.bytes[this.length++] = code;
  }

  private makeRoom(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.length + more) * 2);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
