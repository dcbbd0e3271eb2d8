import { isJsonObject } from '../json';
import type { ObjectReader } from '../read/object-reader';
import type { Origins } from './origins';

export interface FieldOptions {
  values: unknown[];
  labels: Record<string, unknown>;
}

/** Reads the `options` of a config field: bare values, or objects with `value` and perhaps `label`. */
export function readOptions(reader: ObjectReader, base: Readonly<Record<string, unknown>>, converted: string, origins: Origins): FieldOptions | undefined {
  const list = reader.keep('options')['options'];
  if (list === undefined) return undefined;
  if (!Array.isArray(list) || list.length === 0) {
    reader.fault('options', 'Write a list of at least one option as `options`.');
    return undefined;
  }
  const enumeration = base['type'] === 'array' ? `${converted}/items/enum` : `${converted}/enum`;
  origins.note(enumeration, `${reader.pointer}/options`);
  const values: unknown[] = [];
  const labels: [string, unknown][] = [];
  list.forEach((option: unknown, index) => {
    const at = `options/${index}`;
    const value = isJsonObject(option) ? option['value'] : option;
    if (value === undefined) reader.fault(at, 'Add `value` to the option.');
    else if (values.includes(value)) reader.fault(at, 'Write another option: this one stands here twice.');
    else if (!isOfType(value, base['type'])) reader.fault(at, 'Write an option of the `type` of its field.');
    values.push(value);
    if (isJsonObject(option) && typeof option['label'] === 'string') labels.push([String(value), option['label']]);
  });
  return { values, labels: Object.fromEntries(labels) };
}

/** The keywords that the options become: of the value itself, or of each item where several may be chosen. */
export function placeOptions(options: FieldOptions | undefined, schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (options === undefined) return {};
  const labels = Object.keys(options.labels).length === 0 ? {} : { 'x-enum-labels': options.labels };
  if (schema['type'] !== 'array') return { enum: options.values, ...labels };
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  return { items: { ...items, enum: options.values }, ...labels };
}

/** One that is not could never be chosen. */
function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return type === 'string' || type === 'number' || type === 'boolean' ? typeof value === type : true;
}
