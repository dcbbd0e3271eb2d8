import { isJsonObject, joinPointer } from '../json';
import { inPlaceSubschemas, referenceOf, type Subschema } from './schema-walk';

/**
 * Finds a `$ref` that leads back to itself without going down into the value, which no validator survives; gives its pointer.
 * A reference that recurses through a property or an item is fine: the value ends some time.
 */
export function findEndlessReference(root: Record<string, unknown>): string | undefined {
  const finished = new Set<object>();
  const search = (at: Subschema, open: ReadonlySet<object>): string | undefined => {
    if (finished.has(at.schema)) return undefined;
    const path = new Set(open).add(at.schema);
    const target = referenceOf(root, at);
    for (const next of target === undefined ? inPlaceSubschemas(at) : [target, ...inPlaceSubschemas(at)]) {
      if (path.has(next.schema)) return joinPointer(at.pointer, '$ref' in at.schema ? '$ref' : '$dynamicRef');
      const found = search(next, path);
      if (found !== undefined) return found;
    }
    finished.add(at.schema);
    return undefined;
  };
  for (const start of everyObject(root, '')) {
    const found = search(start, new Set());
    if (found !== undefined) return found;
  }
  return undefined;
}

function* everyObject(value: unknown, pointer: string): Generator<Subschema> {
  if (isJsonObject(value)) yield { pointer, schema: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* everyObject(child, joinPointer(pointer, key));
}
