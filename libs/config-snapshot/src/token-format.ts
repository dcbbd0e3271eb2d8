import { randomBytes } from 'node:crypto';
import { crc32 } from './crc32';

/** `app`: credentials of an app at a gateway. `key`: API keys of the studio. `enrolment`: what admits a new gateway. */
export type TokenKind = 'app' | 'key' | 'enrolment';

const PREFIXES: Readonly<Record<TokenKind, string>> = { app: 'slc_app', key: 'slc_key', enrolment: 'sle' };

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 28 digits of 62 are 166 bits. */
const RANDOM_LENGTH = 28;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;

/** A new token: `slc_app_`, `slc_key_` or `sle_`, 28 random base62 digits, `_` and 6 digits of checksum. */
export function generateToken(kind: TokenKind): string {
  const body = `${PREFIXES[kind]}_${randomDigits(RANDOM_LENGTH)}`;
  return `${body}_${checksum(body)}`;
}

/**
 * Whether the text can be a token of this kind at all. Sorts out typing errors and other people's credentials without a
 * look-up, and lets scanners recognise a leaked token; it proves nothing.
 */
export function isWellFormedToken(text: string, kind: TokenKind): boolean {
  const match = /^((slc_[a-z]+|sle)_[0-9A-Za-z]{28})_([0-9A-Za-z]{6})$/.exec(text);
  return match !== null && match[2] === PREFIXES[kind] && checksum(match[1]!) === match[3];
}

/** What may be shown of a token after its creation: `slc_app_` and the first four random digits. */
export function tokenPrefix(token: string): string {
  return /^(?:slc_[a-z]+|sle)_[0-9A-Za-z]{4}/.exec(token)?.[0] ?? '';
}

function checksum(body: string): string {
  let rest = crc32(Buffer.from(body, 'latin1'));
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = DIGITS[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function randomDigits(length: number): string {
  let digits = '';
  while (digits.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte; the rest is thrown away so that every digit is equally likely.
      if (byte < 248 && digits.length < length) digits += DIGITS[byte % 62];
    }
  }
  return digits;
}
