import type { Fault } from '@sluice/kernel';
import type { SnapshotRecord } from '../records';
import { toPointer } from '../json-pointer';
import { RECORD_SCHEMAS } from '../record-schemas';
import { snapshotErrors } from '../snapshot-errors';

/** A broken export can have a fault in every record; nobody reads more than these. */
const MAX_FAULTS = 20;

/**
 * Checks every record against the schema of its kind. Pointers go into the snapshot: `/records/3/data/slug`.
 * @throws snapshotErrors.badRecord with the first faults.
 */
export function checkRecords(records: readonly SnapshotRecord[], context: Readonly<Record<string, unknown>> = {}): void {
  const faults: Fault[] = [];
  for (let index = 0; index < records.length && faults.length < MAX_FAULTS; index++) faults.push(...faultsOf(records[index]!, index));
  const [first] = faults;
  if (!first) return;
  throw new snapshotErrors.badRecord({ ...context, path: first.pointer }, { faults: faults.slice(0, MAX_FAULTS), detail: `${first.pointer}: ${first.message}` });
}

function faultsOf(record: SnapshotRecord, index: number): Fault[] {
  if (!Object.hasOwn(RECORD_SCHEMAS, record.kind)) {
    return [{ pointer: toPointer(['records', index, 'kind']), message: `This version knows no kind ${JSON.stringify(record.kind)}.` }];
  }
  const result = RECORD_SCHEMAS[record.kind].safeParse(record.data);
  if (!result.success) {
    return result.error.issues.map((issue) => ({ pointer: toPointer(['records', index, 'data', ...issue.path]), message: issue.message }));
  }
  if (record.id !== String(record.data.id)) {
    return [{ pointer: toPointer(['records', index, 'id']), message: 'Must be the id of the data in decimal.' }];
  }
  return [];
}
