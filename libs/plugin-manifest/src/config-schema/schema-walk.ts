import { isJsonObject, joinPointer, pointerKeys } from '../json';

export interface Subschema {
  pointer: string;
  schema: Record<string, unknown>;
}

const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'];
const IN_PLACE_SINGLE = ['not', 'if', 'then', 'else'];
const IN_PLACE_MAPS = ['dependentSchemas', 'dependencies'];

/** The subschemas that look at the same value as the schema itself, one step deep. References are left out: see `referenceOf`. */
export function inPlaceSubschemas(at: Subschema): Subschema[] {
  return [
    ...IN_PLACE_LISTS.flatMap((key) => list(at, key)),
    ...IN_PLACE_SINGLE.flatMap((key) => single(at, key)),
    ...IN_PLACE_MAPS.flatMap((key) => map(at, key)),
  ];
}

/** Properties that the schema names one by one. */
export function namedProperties(at: Subschema): (Subschema & { name: string })[] {
  const properties = at.schema['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, schema]) =>
    isJsonObject(schema) ? [{ name, schema, pointer: joinPointer(joinPointer(at.pointer, 'properties'), name) }] : [],
  );
}

/** The subschemas of values below this one that have no name of their own: items, and properties known by pattern only. */
export function unnamedSubschemas(at: Subschema): Subschema[] {
  return [
    ...['items', 'additionalItems', 'unevaluatedItems', 'contains', 'additionalProperties', 'unevaluatedProperties'].flatMap((key) => single(at, key)),
    ...['items', 'prefixItems'].flatMap((key) => list(at, key)),
    ...map(at, 'patternProperties'),
  ];
}

/** Where `$ref` (or `$dynamicRef`) leads, when it leads to a place in this same document. */
export function referenceOf(root: Record<string, unknown>, at: Subschema): Subschema | undefined {
  const reference = at.schema['$ref'] ?? at.schema['$dynamicRef'];
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  let fragment: string;
  try {
    fragment = decodeURIComponent(reference.slice(1));
  } catch {
    return undefined;
  }
  return fragment === '' || fragment.startsWith('/') ? atPointer(root, fragment) : atAnchor(root, fragment);
}

function atPointer(root: Record<string, unknown>, pointer: string): Subschema | undefined {
  let value: unknown = root;
  for (const key of pointerKeys(pointer)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return isJsonObject(value) ? { pointer, schema: value } : undefined;
}

function atAnchor(value: unknown, anchor: string, pointer = ''): Subschema | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isJsonObject(value) && (value['$anchor'] === anchor || value['$dynamicAnchor'] === anchor || value['$id'] === `#${anchor}`)) {
    return { pointer, schema: value };
  }
  for (const [key, child] of Object.entries(value)) {
    const found = atAnchor(child, anchor, joinPointer(pointer, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function single(at: Subschema, key: string): Subschema[] {
  const schema = at.schema[key];
  return isJsonObject(schema) ? [{ pointer: joinPointer(at.pointer, key), schema }] : [];
}

function list(at: Subschema, key: string): Subschema[] {
  const schemas = at.schema[key];
  if (!Array.isArray(schemas)) return [];
  return schemas.flatMap((schema: unknown, index) =>
    isJsonObject(schema) ? [{ pointer: joinPointer(joinPointer(at.pointer, key), index), schema }] : [],
  );
}

function map(at: Subschema, key: string): Subschema[] {
  const schemas = at.schema[key];
  if (!isJsonObject(schemas)) return [];
  return Object.entries(schemas).flatMap(([name, schema]) =>
    isJsonObject(schema) ? [{ pointer: joinPointer(joinPointer(at.pointer, key), name), schema }] : [],
  );
}
