import type { Format1Header } from './snapshot';
import type { SnapshotRecord } from '../records';
import { hashRecordText, recordText } from '../record-hash';
import { compareRecords } from '../record-order';
import { rootOfHashes } from './root-hash';
import { snapshotErrors } from '../snapshot-errors';
import { splitRecords } from './split-records';

/**
 * The records between the brackets of a body, in the order in which they stand there. Their texts are hashed before any of them
 * is parsed, so that nothing is parsed but what the header stands for.
 * @throws snapshotErrors.badRoot, and badEncoding with the first record that is written, or placed, in another way than
 * the canonical one.
 */
export function readRecords(bytes: Uint8Array, { epoch, revision, root }: Format1Header): SnapshotRecord[] {
  const context = { epoch, revision };
  const texts = splitRecords(decode(bytes, context), context);
  if (rootOfHashes(texts.map(hashRecordText)) !== root) throw new snapshotErrors.badRoot({ ...context, path: '/header/root' });
  const records: SnapshotRecord[] = [];
  for (const [index, text] of texts.entries()) {
    const record = parseRecord(text, { ...context, path: `/records/${index}` });
    const before = records.at(-1);
    // Equal neighbours are duplicates, and are named as such with the references.
    if (before && compareRecords(before, record) > 0) {
      throw new snapshotErrors.badEncoding({ ...context, path: `/records/${index}` }, { detail: 'The records are not in their order.' });
    }
    records.push(record);
  }
  return records;
}

function parseRecord(text: string, context: Readonly<Record<string, unknown>>): SnapshotRecord {
  try {
    const record = JSON.parse(text) as SnapshotRecord;
    if (typeof record.kind === 'string' && typeof record.id === 'string' && isObject(record.data) && recordText(record) === text) return record;
  } catch (cause) {
    throw new snapshotErrors.badEncoding(context, { cause });
  }
  throw new snapshotErrors.badEncoding(context);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(bytes: Uint8Array, context: Readonly<Record<string, unknown>>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new snapshotErrors.badEncoding({ ...context, path: '' }, { detail: 'The snapshot is not JSON in UTF-8.', cause });
  }
}
