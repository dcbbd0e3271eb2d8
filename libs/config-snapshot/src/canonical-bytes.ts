import type { JsonValue } from './records';
import { toPointer } from './json-pointer';
import { snapshotErrors } from './snapshot-errors';

/** Deeper documents are refused, so that no document can exhaust the stack. */
export const MAX_DEPTH = 128;

/** Most text needs no escapes, and most of the time goes into text. */
export const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one byte sequence that stands for a JSON value (RFC 8785): keys sorted by UTF-16 code units, no whitespace,
 * numbers and strings as ECMAScript writes them, UTF-8.
 * @throws snapshotErrors.notCanonicalisable with `details.path` for NaN, infinities, `undefined`, lone surrogates,
 * anything else that JSON does not have, and documents deeper than 128.
 */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8');
}

/** The same as text. */
export function canonicalText(value: JsonValue): string {
  return write(value, []);
}

// `path` is shared by the whole walk: it costs one push and one pop a level, and is read only when something is refused.
function write(value: unknown, path: (string | number)[]): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      // RFC 8785 section 3.2.2.3 is what ECMAScript does, -0 included.
      return Number.isFinite(value) ? JSON.stringify(value) : refuse(path, `${value} is not a JSON number.`);
    case 'string':
      return writeText(value, path);
    case 'object':
      if (value === null) return 'null';
      if (path.length >= MAX_DEPTH) return refuse(path, `The document is deeper than ${MAX_DEPTH}.`);
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
    default:
      return refuse(path, `JSON has no ${typeof value}.`);
  }
}

function writeText(text: string, path: readonly (string | number)[]): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return LONE_SURROGATE.test(text) ? refuse(path, 'The text has a lone surrogate.') : JSON.stringify(text);
}

function writeArray(items: readonly unknown[], path: (string | number)[]): string {
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    path.push(index);
    text += (index === 0 ? '' : ',') + write(items[index], path);
    path.pop();
  }
  return `${text}]`;
}

function writeObject(object: object, path: (string | number)[]): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  // Not compared with this realm's Object.prototype: a plain object of another realm is a plain object.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse(path, 'Only plain objects have a JSON form.');
  let text = '{';
  // Array.prototype.sort compares strings by UTF-16 code units, which is the order that RFC 8785 asks for.
  for (const key of Object.keys(object).sort()) {
    path.push(key);
    text += `${text === '{' ? '' : ','}${writeText(key, path)}:${write((object as Record<string, unknown>)[key], path)}`;
    path.pop();
  }
  return `${text}}`;
}

function refuse(path: readonly (string | number)[], detail: string): never {
  throw new snapshotErrors.notCanonicalisable({ path: toPointer(path) }, { detail, faults: [{ pointer: toPointer(path), message: detail }] });
}
