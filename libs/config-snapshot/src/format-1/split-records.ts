import { MAX_DEPTH } from '../canonical-bytes';
import { snapshotErrors } from '../snapshot-errors';

/** Twice what fits into the largest body when records have a usual size: a bound on what an unproved text may cost. */
const MAX_RECORDS = 2_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/**
 * Parts `{…},{…}` into the texts of its objects without parsing them, in time and memory that follow its length. What an object
 * holds may still be anything.
 * @throws snapshotErrors.badEncoding with the first record that is no object, or is deeper than canonical JSON may be; tooLarge.
 */
export function splitRecords(text: string, context: Readonly<Record<string, unknown>> = {}): string[] {
  const parts: string[] = [];
  if (text === '') return parts;
  for (let start = 0; ; start++) {
    const end = endOfObject(text, start);
    if (end < 0) throw new snapshotErrors.badEncoding({ ...context, path: `/records/${parts.length}` });
    if (parts.length === MAX_RECORDS) {
      throw new snapshotErrors.tooLarge({ ...context, path: '/records' }, { detail: `The snapshot has more than ${MAX_RECORDS} records.` });
    }
    parts.push(text.slice(start, end));
    if (end === text.length) return parts;
    if (text.charCodeAt(end) !== COMMA) throw new snapshotErrors.badEncoding({ ...context, path: `/records/${parts.length}` });
    start = end;
  }
}

/** The position after the object that begins here, or -1. */
function endOfObject(text: string, start: number): number {
  if (text[start] !== '{') return -1;
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    switch (text.charCodeAt(position)) {
      case QUOTE:
        position = endOfString(text, position);
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > MAX_DEPTH) return -1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (--depth === 0) return position + 1;
    }
  }
  return -1;
}

/** The position of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position;
    if (code === BACKSLASH) position++;
  }
  return text.length;
}
