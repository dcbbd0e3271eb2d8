import { snapshotErrors } from './snapshot-errors';

const BEFORE_HEADER = '{"signed":';
const BEFORE_DELETES = ',"deletes":[';
const BEFORE_UPSERTS = '],"upserts":[';
const END = ']}';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** The pieces of a delta's line, none of them parsed. */
export interface DeltaPieces {
  header: Buffer;
  /** Walks over the deletes and then over the upserts, a piece at a time, so that a large delta can be read in slices. */
  pieces(): Generator<{ list: 'deletes' | 'upserts'; bytes: Buffer }>;
}

/**
 * Parts the line of a delta without parsing it.
 * @throws snapshotErrors.badEncoding, `pieces` as it goes.
 */
export function readDelta(bytes: Buffer, maxHeaderBytes: number): DeltaPieces {
  // In a JSON string the quotes would be escaped, so what is found is the end of the header.
  const end = bytes.subarray(0, maxHeaderBytes).indexOf(BEFORE_DELETES);
  if (end < 0 || bytes.toString('latin1', 0, BEFORE_HEADER.length) !== BEFORE_HEADER) throw refusal('');
  return { header: bytes.subarray(BEFORE_HEADER.length, end), pieces: () => walk(bytes, end + BEFORE_DELETES.length) };
}

function* walk(bytes: Buffer, start: number): Generator<{ list: 'deletes' | 'upserts'; bytes: Buffer }> {
  let position = yield* objects(bytes, start, 'deletes');
  position = skip(bytes, position, BEFORE_UPSERTS);
  position = yield* objects(bytes, position, 'upserts');
  if (skip(bytes, position, END) !== bytes.length) throw refusal('');
}

/** Objects with commas between them. Returns the position after the last one. */
function* objects(bytes: Buffer, start: number, list: 'deletes' | 'upserts'): Generator<{ list: 'deletes' | 'upserts'; bytes: Buffer }, number> {
  if (bytes[start] === 0x5d) return start;
  for (let position = start; ; position++) {
    const end = endOfObject(bytes, position);
    if (end < 0) throw refusal(`/${list}`);
    yield { list, bytes: bytes.subarray(position, end) };
    position = end;
    if (bytes[position] !== COMMA) return position;
  }
}

/** The position after the object that begins here, or -1. What it holds may still be anything. */
function endOfObject(bytes: Buffer, start: number): number {
  if (bytes[start] !== 0x7b) return -1;
  let depth = 0;
  for (let position = start; position < bytes.length; position++) {
    const code = bytes[position];
    if (code === QUOTE) position = endOfString(bytes, position);
    else if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) return position + 1;
  }
  return -1;
}

/** The position of the closing quote, or the end. */
function endOfString(bytes: Buffer, start: number): number {
  for (let position = start + 1; position < bytes.length; position++) {
    const code = bytes[position];
    if (code === QUOTE) return position;
    if (code === BACKSLASH) position++;
  }
  return bytes.length;
}

function skip(bytes: Buffer, position: number, expected: string): number {
  const end = position + expected.length;
  if (bytes.toString('latin1', position, end) !== expected) throw refusal('');
  return end;
}

function refusal(path: string): Error {
  return new snapshotErrors.badEncoding({ path }, { detail: 'The change is not written as a delta is.' });
}
