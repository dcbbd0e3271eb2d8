import type { JsonObject, JsonValue } from '@sluice/config-snapshot';

/** The value at a JSON pointer, or undefined where there is none. */
export function valueAt(root: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of keysOf(pointer)) value = childOf(value, key);
  return value;
}

/** A copy with another value at a pointer, or without it when the value is undefined. Where the object around it is missing, nothing is set. */
export function withValueAt(root: JsonObject, pointer: string, value: JsonValue | undefined): JsonObject {
  return replaced(root, keysOf(pointer), value) as JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a NUL stands in any text of it, which Postgres does not store. */
export function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (Array.isArray(value)) return value.some(holdsNul);
  return isObject(value) && Object.entries(value).some(([key, child]) => holdsNul(key) || holdsNul(child));
}

function replaced(node: JsonValue, keys: readonly string[], value: JsonValue | undefined): JsonValue {
  const [key, ...rest] = keys;
  if (key === undefined || !isObject(node)) return node;
  if (rest.length > 0) {
    const child = childOf(node, key);
    return child === undefined ? node : Object.fromEntries(Object.entries(node).map(([name, old]) => [name, name === key ? replaced(child, rest, value) : old]));
  }
  const others = Object.entries(node).filter(([name]) => name !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}

function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
