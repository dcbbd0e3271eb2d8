import type { Fault } from '@sluice/kernel';
import type { SnapshotRecord } from './records';
import { isObject } from './is-object';
import { isQuicklyCanonical, isQuicklyValid } from './quick-record';
import { recordText } from './record-hash';
import type { UnknownRecord } from './record-name';
import { RECORD_SCHEMAS } from './record-schemas';
import { snapshotErrors } from './snapshot-errors';
import { toPointer } from './json-pointer';

export type ReadRecord = { known: true; record: SnapshotRecord } | { known: false; record: UnknownRecord };

const MAX_FAULTS = 20;

/**
 * Reads the canonical text of one record and checks it. Where it came from has to be proved before.
 * @throws snapshotErrors.badEncoding for a text that is not canonical, and badRecord with faults; `details` have `kind`, `id` and
 * `path`, a JSON pointer that begins with `/records/{kind}/{id}`.
 */
export function readRecord(text: string): ReadRecord {
  const record = parse(text);
  const { kind, id } = record;
  if (!isQuicklyCanonical(record, text) && !isCanonical(record, text)) throw new snapshotErrors.badEncoding({ kind, id, path: toPointer(['records', kind, id]) });
  if (!Object.hasOwn(RECORD_SCHEMAS, kind)) return { known: false, record };
  const known = record as unknown as SnapshotRecord;
  if (!isQuicklyValid(known)) checkRecord(known);
  return { known: true, record: known };
}

/** @throws snapshotErrors.badRecord with the first faults. */
export function checkRecord(record: SnapshotRecord): void {
  const { kind, id } = record;
  const at = (path: readonly PropertyKey[]) => toPointer(['records', kind, id, ...path]);
  const result = RECORD_SCHEMAS[kind].safeParse(record.data);
  const faults: Fault[] = result.success ? [] : result.error.issues.map((issue) => ({ pointer: at(['data', ...issue.path]), message: issue.message }));
  if (result.success && id !== String(record.data.id)) faults.push({ pointer: at(['id']), message: 'Must be the id of the data in decimal.' });
  const [first] = faults;
  if (first) throw new snapshotErrors.badRecord({ kind, id, path: first.pointer }, { faults: faults.slice(0, MAX_FAULTS), detail: `${first.pointer}: ${first.message}` });
}

function parse(text: string): UnknownRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new snapshotErrors.badEncoding({ path: '/records' }, { cause });
  }
  if (isObject(value) && typeof value['kind'] === 'string' && typeof value['id'] === 'string' && isObject(value['data'])) return value as unknown as UnknownRecord;
  throw new snapshotErrors.badEncoding({ path: '/records' });
}

function isCanonical(record: UnknownRecord, text: string): boolean {
  try {
    return recordText(record as unknown as SnapshotRecord) === text;
  } catch {
    return false;
  }
}
