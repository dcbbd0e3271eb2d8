import type { Fault } from '@sluice/kernel';
import { pointerTo } from './pointer';

/** Deeper than any honest document; less than what makes a recursive function fail. */
const MAX_DEPTH = 64;
/** NUL, and halves of characters: JSON can carry them and Postgres cannot keep them. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** What no schema asks for and nothing behind the schemas could cope with. Walks without recursion. */
export function unstorableParts(document: unknown): Fault[] {
  const faults: Fault[] = [];
  const rest: { value: unknown; path: readonly string[] }[] = [{ value: document, path: [] }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) faults.push({ pointer: pointerTo(path), message: 'Has a character that cannot be stored.' });
    if (typeof value !== 'object' || value === null) continue;
    if (path.length === MAX_DEPTH) return [{ pointer: pointerTo(path), message: `Is nested more than ${MAX_DEPTH} levels deep.` }];
    for (const [name, member] of Object.entries(value)) {
      if (UNSTORABLE.test(name)) faults.push({ pointer: pointerTo(path), message: 'Has a member whose name has a character that cannot be stored.' });
      else rest.push({ value: member, path: [...path, name] });
    }
  }
  return faults.reverse();
}
