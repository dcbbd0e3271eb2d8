import { closest } from '../read/closest';
import { type ObjectReader, quoteList } from '../read/object-reader';
import type { TextRule } from '../rules/rule';
import { FIELD_TYPES } from './field-types';
import type { Origins } from './origins';
import { placeOptions, readOptions } from './read-options';

export interface ConfigField {
  /** The JSON Schema of the one property. */
  schema: Record<string, unknown>;
  required: boolean;
}

/** Keys of a field that JSON Schema has under the same name and in the same sense. */
const SAME_KEYS = ['format', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf', 'minItems', 'maxItems', 'items', 'properties', 'enum'];
/** Keys for whoever shows a form; JSON Schema has no words for them. */
const FORM_KEYS = ['placeholder', 'env'];

/** As JSON Schema reads them: with the `u` flag, under which needless backslashes are wrong. */
const regularExpression: TextRule = (text) => {
  try {
    new RegExp(text, 'u');
    return undefined;
  } catch {
    return 'Write a regular expression as JavaScript has it under the `u` flag: each group closed, and no needless backslashes.';
  }
};

/** Reads one entry of a `configSchema` as the property `converted` of a JSON Schema. */
export function readConfigField(reader: ObjectReader, converted: string, origins: Origins): ConfigField {
  const base = readType(reader);
  const secret = [reader.flag('encrypted', false), reader.flag('secret', false), reader.flag('x-secret', false)].includes(true);
  const options = readOptions(reader, base, converted, origins);
  const label = reader.optionalText('label');
  const regex = reader.optionalText('regex', regularExpression);
  const pattern = reader.optionalText('pattern', regularExpression);
  origins.note(`${converted}/title`, `${reader.pointer}/label`);
  if (regex !== undefined) origins.note(`${converted}/pattern`, `${reader.pointer}/regex`);
  const required = reader.flag('required', false);
  const known = {
    ...base,
    ...describe({ title: label, description: reader.optionalText('description') }),
    ...reader.keep(...SAME_KEYS),
    ...describe({ pattern: regex ?? pattern }),
    ...readDefault(reader, secret || base['x-secret'] === true),
    ...(secret ? { 'x-secret': true } : {}),
    ...prefixed(reader.keep(...FORM_KEYS)),
  };
  if (reader.has('env')) reader.warn('env', 'Read this setting from the config: the process gets no environment variable for it.');
  return { required, schema: { ...prefixed(reader.unknown()), ...known, ...placeOptions(options, known) } };
}

function readType(reader: ObjectReader): Readonly<Record<string, unknown>> {
  const name = reader.has('options') && !reader.has('type') ? 'select' : reader.requiredText('type');
  const type = FIELD_TYPES.get(name);
  if (type !== undefined || name === '') return type ?? {};
  const names = [...FIELD_TYPES.keys()];
  const near = closest(name, names);
  reader.fault('type', `Write one of ${quoteList(names)} as \`type\`${near === undefined ? '' : `; perhaps \`${near}\` is meant`}.`);
  return {};
}

/** The manifest and its schema are for everybody to read, so a secret cannot stand there. */
function readDefault(reader: ObjectReader, secret: boolean): Record<string, unknown> {
  const value = reader.keep('default');
  if (!secret || !reader.has('default')) return value;
  reader.warn('default', 'Remove the `default` of a secret: it was left out, since everybody can read a manifest.');
  return {};
}

function describe(texts: Record<string, string | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
}

/** Under names that are no keywords of JSON Schema. */
function prefixed(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key.startsWith('x-') ? key : `x-${key}`, value]));
}
