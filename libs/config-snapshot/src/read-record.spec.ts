import { canonicalText } from './canonical-bytes';
import { isQuicklyCanonical, isQuicklyValid, quickText } from './quick-record';
import { checkRecord, readRecord } from './read-record';
import { recordText } from './record-hash';
import { appRecord, pluginRecord, tokenRecord } from './sample-records.fixture';
import type { JsonValue, SnapshotRecord } from './records';

const carefulText = ({ kind, id, data }: SnapshotRecord) => canonicalText({ kind, id, data: data as unknown as JsonValue });

/** Values that a field may be given, most of which do not belong there. */
const VALUES: unknown[] = [
  null, true, 0, 1, -1, 1.5, 2 ** 32, 2 ** 53, '', 'x', '"\\\u0000', 'ü🎈', '\ud800', 'a'.repeat(64), 'A'.repeat(64), [], ['x'], ['x', 1], [[]], {}, { a: 'b' }, { a: 1 }, { 9: 'x', 10: 'y' }, { b: 'x', a: 'y' },
];

/** Each field of each record with each of the values, and each record without each of its fields, and with one more. */
function variants(): SnapshotRecord[] {
  return [appRecord(1), tokenRecord(2, 1), pluginRecord(3)].flatMap((record) => {
    const fields = Object.keys(record.data);
    const changed = [...fields, 'aaa', 'zzz'].flatMap((field) => VALUES.map((value) => ({ ...record, data: { ...record.data, [field]: value } })));
    const without = fields.map((field) => ({ ...record, data: Object.fromEntries(Object.entries(record.data).filter(([key]) => key !== field)) }));
    return [record, { ...record, id: '9' }, ...changed, ...without] as unknown as SnapshotRecord[];
  });
}

const throws = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch {
    return true;
  }
};

describe('the quick way', () => {
  it('says yes only where the careful way does', () => {
    let quick = 0;
    for (const record of variants()) {
      if (isQuicklyValid(record)) expect(throws(() => checkRecord(record))).toBe(false);
      const text = throws(() => carefulText(record)) ? undefined : carefulText(record);
      const sorted = text === undefined ? record : (JSON.parse(text) as SnapshotRecord);
      if (quickText(sorted) !== undefined) expect(quickText(sorted)).toBe(text);
      for (const written of [JSON.stringify(record), text ?? '']) {
        if (written === '') continue;
        const parsed = JSON.parse(written) as never;
        if (isQuicklyCanonical(parsed, written)) expect(written).toBe(text);
        quick++;
      }
    }
    expect(quick).toBeGreaterThan(1_000);
  });

  it('is there for whole apps and tokens', () => {
    for (const record of [appRecord(1), tokenRecord(2, 1, { scopes: ['a'], expires_at: 5 })]) {
      const text = carefulText(record);
      expect(isQuicklyValid(record)).toBe(true);
      expect(quickText(JSON.parse(text) as SnapshotRecord)).toBe(text);
      expect(isQuicklyCanonical(JSON.parse(text) as never, text)).toBe(true);
    }
  });
});

describe('readRecord', () => {
  it('gives back what was written', () => {
    for (const record of [appRecord(1, { name: 'ü "🎈"' }), tokenRecord(2, 1), pluginRecord(3)]) expect(readRecord(recordText(record))).toEqual({ known: true, record });
  });

  it('keeps properties that a later version added', () => {
    const record = appRecord(1, { region: 'eu' } as object);
    expect(readRecord(recordText(record))).toEqual({ known: true, record });
  });

  it.each<[string, string, string, string]>([
    ['keys in another order', JSON.stringify(appRecord(1)), 'badEncoding', '/records/app/1'],
    ['a space', recordText(appRecord(1)).replace('{', '{ '), 'badEncoding', '/records/app/1'],
    ['a key twice', recordText(appRecord(1)).replace('"id":1', '"id":1,"id":1'), 'badEncoding', '/records/app/1'],
    ['half a surrogate pair', recordText(appRecord(1)).replace('App 1', '\\ud800'), 'badEncoding', '/records/app/1'],
    ['no object', '7', 'badEncoding', '/records'],
    ['no JSON', '{', 'badEncoding', '/records'],
    ['a hash that is none', recordText(tokenRecord(2, 1, { hash: 'ABC' })), 'badRecord', '/records/token/2/data/hash'],
    ['a slug with a slash', recordText(pluginRecord(3, { slug: 'a/b' })), 'badRecord', '/records/plugin/3/data/slug'],
  ])('refuses %s', (_, text, code, path) => {
    expect(() => readRecord(text)).toThrow(expect.objectContaining({ code: `snapshot.${code}`, details: expect.objectContaining({ path }) }));
  });
});
