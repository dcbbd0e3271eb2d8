/** What a value of the form may be. */
type Type = 'id' | 'uint32' | 'seconds' | 'secondsOrNull' | 'amount' | 'flag' | 'text' | 'texts' | 'textMap' | 'hash';

/** What stands before each value, as it is written canonically, and what the value may be. */
type Form = readonly (readonly [before: Uint8Array, type: Type])[];

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const APP: Form = [
  [bytesOf('{"data":{"created_at":'), 'seconds'],
  [bytesOf(',"description":'), 'text'],
  [bytesOf(',"id":'), 'id'],
  [bytesOf(',"is_active":'), 'flag'],
  [bytesOf(',"metadata":'), 'textMap'],
  [bytesOf(',"monthly_budget":'), 'amount'],
  [bytesOf(',"name":'), 'text'],
  [bytesOf(',"namespace":'), 'text'],
  [bytesOf(',"owner_email":'), 'text'],
  [bytesOf(',"rate_limit":'), 'uint32'],
  [bytesOf(',"updated_at":'), 'seconds'],
];

const TOKEN: Form = [
  [bytesOf('{"data":{"app_id":'), 'id'],
  [bytesOf(',"expires_at":'), 'secondsOrNull'],
  [bytesOf(',"hash":'), 'hash'],
  [bytesOf(',"id":'), 'id'],
  [bytesOf(',"scopes":'), 'texts'],
];

/** Positions of an app's values in `starts`, `ends` and `numbers`. */
export const APP_VALUES = { created_at: 0, description: 1, id: 2, is_active: 3, metadata: 4, monthly_budget: 5, name: 6, namespace: 7, owner_email: 8, rate_limit: 9, updated_at: 10 } as const;

/** The same for a token. */
export const TOKEN_VALUES = { app_id: 0, expires_at: 1, hash: 2, id: 3, scopes: 4 } as const;

const BEFORE_ID = bytesOf('},"id":"');
const APP_END = bytesOf('","kind":"app"}');
const TOKEN_END = bytesOf('","kind":"token"}');

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const NULL = bytesOf('null');

const MAX_VALUES = 11;
const MAX_UINT32 = 0xffff_ffff;
/** All numbers of so many digits are exact. */
const MAX_DIGITS = 15;
const HASH_DIGITS = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

/**
 * Reads records of the kinds that there are many of where they lie, as bytes: one pass that checks both that a text is canonical and that
 * its values are valid, and makes no object. It answers only where `readRecord` would accept the text; what it does not know, texts with
 * escapes among it, is for `readRecord` to judge.
 */
export class RecordScanner {
  /** Where each value of the data begins and ends, quotes included. */
  readonly starts = new Uint32Array(MAX_VALUES);
  readonly ends = new Uint32Array(MAX_VALUES);
  /** Of values that are ids, counts or times. */
  readonly numbers = new Float64Array(MAX_VALUES);
  private bytes: Uint8Array = NULL;
  private at = 0;
  private number = 0;

  /**
   * @param bytes UTF-8; who calls has made sure of it
   * @returns the kind of the record between these positions, or undefined.
   */
  scan(bytes: Uint8Array, start: number, end: number): 'app' | 'token' | undefined {
    this.bytes = bytes;
    this.at = start;
    // Nothing is read beyond the end: a line feed, or nothing at all, is no part of any value.
    if (this.form(TOKEN, TOKEN_VALUES.id, TOKEN_END)) return this.at === end ? 'token' : undefined;
    this.at = start;
    if (this.form(APP, APP_VALUES.id, APP_END)) return this.at === end ? 'app' : undefined;
    return undefined;
  }

  private form(form: Form, id: number, last: Uint8Array): boolean {
    for (let index = 0; index < form.length; index++) {
      const [before, type] = form[index]!;
      if (!this.literal(before)) return false;
      this.starts[index] = this.at;
      if (!this.value(type)) return false;
      this.ends[index] = this.at;
      this.numbers[index] = this.number;
    }
    return this.literal(BEFORE_ID) && this.same(this.starts[id]!, this.ends[id]!) && this.literal(last);
  }

  private value(type: Type): boolean {
    switch (type) {
      case 'id':
        return this.integer(MAX_UINT32) && this.number > 0;
      case 'uint32':
        return this.integer(MAX_UINT32);
      case 'seconds':
        return this.integer(Infinity);
      case 'secondsOrNull':
      case 'amount':
        return this.literal(NULL) || this.integer(Infinity);
      case 'flag':
        return this.literal(TRUE) || this.literal(FALSE);
      case 'text':
        return this.text();
      case 'texts':
        return this.texts();
      case 'textMap':
        return this.textMap();
      case 'hash':
        return this.hash();
    }
  }

  private literal(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false;
    this.at = at + expected.length;
    return true;
  }

  private code(expected: number): boolean {
    if (this.bytes[this.at] !== expected) return false;
    this.at++;
    return true;
  }

  /** What follows is the same as what is there. */
  private same(start: number, end: number): boolean {
    const { bytes, at } = this;
    for (let index = start; index < end; index++) if (bytes[at + index - start] !== bytes[index]) return false;
    this.at = at + end - start;
    return true;
  }

  private integer(max: number): boolean {
    const { bytes, at } = this;
    let position = at;
    let number = 0;
    for (let digit = bytes[position]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++position]! - ZERO) number = number * 10 + digit;
    const digits = position - at;
    // Of a number that goes on with a fraction or an exponent, what follows does not fit.
    if (digits === 0 || digits > MAX_DIGITS || (bytes[at] === ZERO && digits > 1) || number > max) return false;
    this.at = position;
    this.number = number;
    return true;
  }

  private text(): boolean {
    const { bytes } = this;
    let position = this.at;
    if (bytes[position] !== QUOTE) return false;
    for (let code = bytes[++position]!; code !== QUOTE; code = bytes[++position]!) {
      // Control characters and what has an escape; and the end.
      if (!(code >= 0x20) || code === BACKSLASH) return false;
    }
    this.at = position + 1;
    return true;
  }

  private texts(): boolean {
    if (!this.code(0x5b)) return false;
    if (this.code(0x5d)) return true;
    do if (!this.text()) return false;
    while (this.code(COMMA));
    return this.code(0x5d);
  }

  private textMap(): boolean {
    if (!this.code(0x7b)) return false;
    if (this.code(0x7d)) return true;
    let before = -1;
    do {
      const key = this.at;
      if (!this.text() || (before >= 0 && !this.isBefore(before, key)) || !this.code(0x3a) || !this.text()) return false;
      before = key;
    } while (this.code(COMMA));
    return this.code(0x7d);
  }

  /** Whether one key comes before another one. False for what is not ASCII, whose order is not that of its bytes. */
  private isBefore(one: number, other: number): boolean {
    const { bytes } = this;
    for (let index = 1; ; index++) {
      const [a, b] = [bytes[one + index]!, bytes[other + index]!];
      if (a >= 0x80 || b >= 0x80) return false;
      if (a === QUOTE || b === QUOTE) return a === QUOTE && b !== QUOTE;
      if (a !== b) return a < b;
    }
  }

  private hash(): boolean {
    const { bytes, at } = this;
    if (bytes[at] !== QUOTE || bytes[at + 1 + HASH_DIGITS] !== QUOTE) return false;
    for (let index = at + 1; index <= at + HASH_DIGITS; index++) {
      const code = bytes[index]!;
      if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false;
    }
    this.at = at + HASH_DIGITS + 2;
    return true;
  }
}
