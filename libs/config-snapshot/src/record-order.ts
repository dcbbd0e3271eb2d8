import type { RecordName } from './record-name';

/**
 * The one order of records in a snapshot: by kind, then by id, short ids first. For decimal ids that is the numeric
 * order, and it stays a total order when a later kind has ids that are not numbers.
 */
export function compareRecords(a: RecordName, b: RecordName): number {
  return compareText(a.kind, b.kind) || a.id.length - b.id.length || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
