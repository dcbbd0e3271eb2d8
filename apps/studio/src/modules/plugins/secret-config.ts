import type { JsonObject, JsonValue } from '@sluice/config-snapshot';
import { isObject, valueAt, withValueAt } from './json-at';

/** What stands for a secret wherever a config is read: whether there is one, never what it is. */
export interface SecretMarker {
  set: boolean;
}

/** A stored config as it may be shown: every encrypted value is a marker, and so is every secret of the schema that has no value. */
export function maskSecrets(stored: JsonObject, secretPointers: readonly string[]): JsonObject {
  const masked = maskSealed(stored) as JsonObject;
  return secretPointers.reduce((config, pointer) => (valueAt(config, pointer) === undefined ? withValueAt(config, pointer, { set: false }) : config), masked);
}

/** Where encrypted values stand in a stored config. A value stays secret until it is written anew, whatever a newer schema says. */
export function sealedPointers(stored: JsonObject): string[] {
  return findSealed(stored, '');
}

/**
 * The config that a write means: a secret that was left out, or sent as its marker, keeps its value; null removes it; anything else
 * replaces it. A secret inside an object that was left out goes with that object.
 */
export function keepSecrets(sent: JsonObject, current: JsonObject, secretPointers: readonly string[]): JsonObject {
  return secretPointers.reduce((config, pointer) => {
    const value = valueAt(config, pointer);
    if (value === null) return withValueAt(config, pointer, undefined);
    return value === undefined || isMarker(value) ? withValueAt(config, pointer, valueAt(current, pointer)) : config;
  }, sent);
}

function isMarker(value: JsonValue): boolean {
  return isObject(value) && Object.keys(value).length === 1 && typeof value['set'] === 'boolean';
}

function isSealed(value: JsonValue): boolean {
  return isObject(value) && Object.hasOwn(value, '$sealed');
}

function maskSealed(value: JsonValue): JsonValue {
  if (isSealed(value)) return { set: true };
  if (Array.isArray(value)) return value.map(maskSealed);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, maskSealed(child)])) : value;
}

function findSealed(value: JsonValue, pointer: string): string[] {
  if (pointer !== '' && isSealed(value)) return [pointer];
  if (Array.isArray(value)) return value.flatMap((child, index) => findSealed(child, `${pointer}/${index}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => findSealed(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}
