import type { JsonObject, JsonValue } from '@sluice/config-snapshot';

/** The data of a record without what could be used by whoever sees it: hashes of tokens are left out, and sealed secrets are markers. */
export function shownData({ hash: _, ...data }: JsonObject): JsonObject {
  return shown(data) as JsonObject;
}

function shown(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '$sealed')) return { set: true };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]));
}
