import type { JsonObject, JsonValue } from './records';
import { escapeToken, fromPointer } from './json-pointer';
import { openValue, sealValue } from './sealed-value';
import { snapshotErrors } from './snapshot-errors';

/**
 * Replaces secret values of a plugin's config by `{"$sealed": "…"}`. A pointer names a value in the config; pointers to
 * nothing are passed over. Equal input gives equal output, so sealing does not make a new revision.
 * @param aad where the config belongs, for example `plugin 7`: a sealed value opens only there, and only at its pointer.
 */
export function sealConfig(config: JsonObject, secretPointers: readonly string[], secretKey: Uint8Array, aad: string): JsonObject {
  return seal(config, '', secretPointers.map(fromPointer), { secretKey, aad }) as JsonObject;
}

/**
 * The exact inverse of `sealConfig`.
 * @throws snapshotErrors.badSeal with the pointer, when a value was sealed with another key or for another place.
 */
export function openConfig(config: JsonObject, secretKey: Uint8Array, aad: string): JsonObject {
  return open(config, '', { secretKey, aad }) as JsonObject;
}

interface SealContext {
  secretKey: Uint8Array;
  aad: string;
}

function seal(value: JsonValue, pointer: string, secrets: readonly string[][], context: SealContext): JsonValue {
  // The config itself stays an object. A value that only looks sealed is sealed as well: opening then gives it back.
  if (pointer !== '' && (secrets.some((rest) => rest.length === 0) || looksSealed(value))) {
    return { $sealed: sealValue(value, pointer, context.secretKey, context.aad) };
  }
  return mapChildren(value, (child, key) => {
    const below = secrets.filter(([token]) => token === key).map((tokens) => tokens.slice(1));
    return seal(child, `${pointer}/${escapeToken(key)}`, below, context);
  });
}

function open(value: JsonValue, pointer: string, context: SealContext): JsonValue {
  if (pointer !== '' && looksSealed(value)) {
    const { $sealed: sealed } = value;
    if (typeof sealed !== 'string' || Object.keys(value).length !== 1) throw new snapshotErrors.badSeal({ path: pointer });
    return openValue(sealed, pointer, context.secretKey, context.aad);
  }
  return mapChildren(value, (child, key) => open(child, `${pointer}/${escapeToken(key)}`, context));
}

function looksSealed(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, '$sealed');
}

function mapChildren(value: JsonValue, map: (child: JsonValue, key: string) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((child, index) => map(child, String(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child, key)]));
}
