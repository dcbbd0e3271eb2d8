import type { JsonObject, JsonValue } from './records';
import { escapeToken, fromPointer } from './json-pointer';
import { openValue, sealValue } from './sealed-value';
import { snapshotErrors } from './snapshot-errors';

/** A key of a namespace. What is sealed with it names its version. */
export interface NamespaceKey {
  version: number;
  key: Uint8Array;
}

/** What somebody can open. */
export interface OpeningKeys {
  /** Opens what names its version. */
  namespaceKey: NamespaceKey | undefined;
  /** Opens what names no version: what a studio of the version before sealed. */
  sharedKey: Uint8Array | undefined;
}

/**
 * Replaces secret values of a plugin's config by `{"$sealed": "…"}`. A pointer names a value in the config; pointers to
 * nothing are passed over. Equal input gives equal output, so sealing does not make a new revision.
 * @param secretKey with a version the sealed text begins with it, as in `3.AbC…`
 * @param aad where the config belongs, for example `plugin 7`: a sealed value opens only there, and only at its pointer.
 */
export function sealConfig(config: JsonObject, secretPointers: readonly string[], secretKey: Uint8Array | NamespaceKey, aad: string): JsonObject {
  const sealOne = (value: JsonValue, pointer: string): string =>
    secretKey instanceof Uint8Array ? sealValue(value, pointer, secretKey, aad) : `${secretKey.version}.${sealValue(value, pointer, secretKey.key, aad)}`;
  return seal(config, '', secretPointers.map(fromPointer), sealOne) as JsonObject;
}

/**
 * The exact inverse of `sealConfig`.
 * @param keys a bare key opens what names no version
 * @throws snapshotErrors.badSeal with the pointer, when a value was sealed with another key or for another place, and
 * snapshotErrors.keyMissing when it names a key that is not among these.
 */
export function openConfig(config: JsonObject, keys: Uint8Array | OpeningKeys, aad: string): JsonObject {
  const opening = keys instanceof Uint8Array ? { namespaceKey: undefined, sharedKey: keys } : keys;
  return open(config, '', (sealed, pointer) => openSealed(sealed, pointer, opening, aad)) as JsonObject;
}

type SealOne = (value: JsonValue, pointer: string) => string;
type OpenOne = (sealed: string, pointer: string) => JsonValue;

function openSealed(sealed: string, pointer: string, { namespaceKey, sharedKey }: OpeningKeys, aad: string): JsonValue {
  const named = /^([1-9]\d{0,9})\.(.*)$/.exec(sealed);
  if (!named) {
    if (sharedKey) return openValue(sealed, pointer, sharedKey, aad);
    throw new snapshotErrors.keyMissing({ path: pointer }, { detail: 'Waits for EDGE_SHARED_KEY: its secrets were sealed by a studio of an older version.' });
  }
  const version = Number(named[1]);
  if (namespaceKey?.version === version) return openValue(named[2]!, pointer, namespaceKey.key, aad);
  throw new snapshotErrors.keyMissing({ path: pointer, version }, { detail: `Waits for key ${version} of its namespace, which the studio has not sealed to this gateway.` });
}

function seal(value: JsonValue, pointer: string, secrets: readonly string[][], sealOne: SealOne): JsonValue {
  // The config itself stays an object. A value that only looks sealed is sealed as well: opening then gives it back.
  if (pointer !== '' && (secrets.some((rest) => rest.length === 0) || looksSealed(value))) {
    return { $sealed: sealOne(value, pointer) };
  }
  return mapChildren(value, (child, key) => {
    const below = secrets.filter(([token]) => token === key).map((tokens) => tokens.slice(1));
    return seal(child, `${pointer}/${escapeToken(key)}`, below, sealOne);
  });
}

function open(value: JsonValue, pointer: string, openOne: OpenOne): JsonValue {
  if (pointer !== '' && looksSealed(value)) {
    const { $sealed: sealed } = value;
    if (typeof sealed !== 'string' || Object.keys(value).length !== 1) throw new snapshotErrors.badSeal({ path: pointer });
    return openOne(sealed, pointer);
  }
  return mapChildren(value, (child, key) => open(child, `${pointer}/${escapeToken(key)}`, openOne));
}

function looksSealed(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, '$sealed');
}

function mapChildren(value: JsonValue, map: (child: JsonValue, key: string) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((child, index) => map(child, String(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child, key)]));
}
