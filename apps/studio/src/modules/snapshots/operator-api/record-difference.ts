import type { JsonObject, JsonValue, RecordName } from '@sluice/config-snapshot';
import type { TwoTexts } from '../storage/record-store';
import { shownData } from './shown-data';

export interface RecordDifference extends RecordName {
  /** What a person calls it; null where it has no name. */
  name: string | null;
  change: 'added' | 'changed' | 'removed';
  before: JsonObject | null;
  after: JsonObject | null;
  /** What differs in a changed record. */
  pointers: string[];
}

/** More places in one record help nobody. */
const MAX_POINTERS = 50;

/** How a record differs, as it may be shown. */
export function recordDifference({ kind, id, before, after }: TwoTexts): RecordDifference {
  const [old, now] = [dataOf(before), dataOf(after)];
  const name = (now ?? old)?.['name'];
  return {
    kind,
    id,
    name: typeof name === 'string' ? name : null,
    change: old === null ? 'added' : now === null ? 'removed' : 'changed',
    before: old && shownData(old),
    after: now && shownData(now),
    pointers: old && now ? differingPointers(old, now, '').slice(0, MAX_POINTERS) : [],
  };
}

/** JSON pointers to the smallest parts that differ; a list is one part. */
export function differingPointers(before: JsonValue | undefined, after: JsonValue | undefined, at: string): string[] {
  if (!isObject(before) || !isObject(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [at];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => differingPointers(before[key], after[key], `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

function dataOf(text: string | null): JsonObject | null {
  return text === null ? null : (JSON.parse(text) as { data: JsonObject }).data;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
