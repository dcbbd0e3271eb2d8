import { joinPointer } from '../json';
import { inPlaceSubschemas, namedProperties, referenceOf, type Subschema, unnamedSubschemas } from './schema-walk';

/** More than any real config has; references that double at every step come here. */
const MAX_PLACES = 10_000;

/**
 * JSON pointers, into the config, of what is write-only: properties with `format: "password"` or `x-secret: true`. A secret that has no
 * name of its own (an item of a list, a property known by pattern) makes the nearest named value around it secret as a whole.
 */
export function secretPaths(schema: object): string[] {
  return secretPlaces(schema).filter((pointer) => pointer !== '');
}

/** Whether a secret has no name of its own even at the top, so that no pointer short of the whole config can name it. */
export function hasNamelessSecret(schema: object): boolean {
  return secretPlaces(schema).includes('');
}

function secretPlaces(schema: object): string[] {
  const root = schema as Record<string, unknown>;
  const found = new Set<string>();
  const visited = new Map<string, Set<object>>();
  let visits = 0;
  const walk = (at: Subschema, config: string, open: ReadonlySet<object>): void => {
    const here = visited.get(config) ?? new Set();
    if (here.has(at.schema)) return;
    visited.set(config, here.add(at.schema));
    if (++visits > MAX_PLACES) throw new Error('it describes too many different settings');
    if (isSecret(at.schema) || unnamedSubschemas(at).some((below) => holdsSecret(root, below, new Set()))) found.add(config);
    const path = new Set(open).add(at.schema);
    for (const same of samePlace(root, at)) if (!path.has(same.schema)) walk(same, config, path);
    for (const property of namedProperties(at)) {
      const pointer = joinPointer(config, property.name);
      const reaches = [property, ...samePlace(root, property)];
      // The schema recurses: there is no end to its pointers, so the first repetition is secret as a whole.
      if (reaches.some(({ schema: next }) => path.has(next))) {
        if (holdsSecret(root, property, new Set())) found.add(pointer);
      } else walk(property, pointer, path);
    }
  };
  walk({ pointer: '', schema: root }, '', new Set());
  return [...found].filter((pointer) => ![...found].some((other) => other !== '' && pointer.startsWith(`${other}/`))).sort();
}

function isSecret(schema: Record<string, unknown>): boolean {
  return schema['format'] === 'password' || schema['x-secret'] === true;
}

function samePlace(root: Record<string, unknown>, at: Subschema): Subschema[] {
  const target = referenceOf(root, at);
  return target === undefined ? inPlaceSubschemas(at) : [target, ...inPlaceSubschemas(at)];
}

function holdsSecret(root: Record<string, unknown>, at: Subschema, seen: Set<object>): boolean {
  if (seen.has(at.schema)) return false;
  seen.add(at.schema);
  if (isSecret(at.schema)) return true;
  return [...samePlace(root, at), ...namedProperties(at), ...unnamedSubschemas(at)].some((next) => holdsSecret(root, next, seen));
}
