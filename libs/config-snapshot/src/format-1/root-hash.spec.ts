import { createHash } from 'node:crypto';
import { canonicalBytes } from '../canonical-bytes';
import { hashRecord } from '../record-hash';
import { rootHash, rootOfHashes } from './root-hash';
import { compareRecords } from '../record-order';
import { appRecord, pluginRecord, tokenRecord } from '../sample-records.fixture';
import type { JsonValue, RecordKind } from '../records';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe('hashRecord', () => {
  it('is the SHA-256 of the canonical bytes', () => {
    const record = pluginRecord(7);
    expect(hashRecord(record)).toBe(sha256(canonicalBytes(record as unknown as JsonValue)));
  });

  it('does not depend on the order of properties', () => {
    const record = appRecord(3);
    const reversed = Object.fromEntries(Object.entries(record.data).reverse()) as typeof record.data;
    expect(hashRecord({ ...record, data: reversed } as typeof record)).toBe(hashRecord(record));
  });

  it('tells kinds with the same id and data apart', () => {
    const record = appRecord(3);
    expect(hashRecord({ ...record, kind: 'plugin' } as unknown as typeof record)).not.toBe(hashRecord(record));
  });
});

describe('rootHash', () => {
  const records = [appRecord(1), tokenRecord(9, 1), pluginRecord(2)];

  it('is the SHA-256 of the sorted hashes', () => {
    expect(rootHash(records)).toBe(sha256(records.map(hashRecord).sort().join('')));
  });

  it('does not depend on the order of records, and changes with any of them', () => {
    expect(rootHash([...records].reverse())).toBe(rootHash(records));
    expect(rootHash(records.slice(1))).not.toBe(rootHash(records));
    expect(rootHash([...records, appRecord(2)])).not.toBe(rootHash(records));
  });

  it('of nothing is the SHA-256 of nothing', () => {
    expect(rootOfHashes([])).toBe(sha256(''));
  });
});

describe('compareRecords', () => {
  it('orders by kind, then by number', () => {
    const names = ['token 1', 'plugin 10', 'plugin 9', 'app 100', 'app 21', 'app 3'];
    const records = names.map((name) => ({ kind: name.split(' ')[0] as RecordKind, id: name.split(' ')[1]! }));
    expect(records.sort(compareRecords).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['app 3', 'app 21', 'app 100', 'plugin 9', 'plugin 10', 'token 1']);
  });
});
