import { recordHash, recordText, type ProvedChunk, type SnapshotRecord } from '@sluice/config-snapshot';
import { appRecord, pluginRecord, tokenRecord } from '../../testing/records';
import { runAtOnce } from '../time-slice';
import { SnapshotTables } from './snapshot-tables';
import { TablesBuilder } from './tables-builder';
import { TablesDraft } from './tables-draft';

const records: SnapshotRecord[] = [
  appRecord({ id: 1 }),
  appRecord({ id: 4_294_967_295, name: 'grüße 🎈', metadata: { a: 'x', b: '', é: 'y' }, monthly_budget: 12, is_active: false }),
  appRecord({ id: 3, description: 'a "quoted" \\ text\n', monthly_budget: 0.5, metadata: {} }),
  tokenRecord({ id: 7, app_id: 1, hash: 'a'.repeat(64) }),
  tokenRecord({ id: 8, app_id: 3, hash: 'b'.repeat(64), scopes: ['x', 'y'], expires_at: 1_800_000_000 }),
  pluginRecord({ id: 7, slug: 'echo' }),
];

/** A chunk in which a single record lies; proved, as all chunks are. */
function chunkOf(text: string): ProvedChunk {
  const hash = recordHash(text);
  const bytes = Buffer.from(`${text}\n`, 'utf8');
  return { bytes, hashes: hash, leaves: Buffer.alloc(0), count: 1, isUtf8: true, start: () => 0, end: () => bytes.length - 1, text: () => text };
}

function built(texts: readonly string[]): SnapshotTables {
  const builder = new TablesBuilder();
  for (const text of texts) builder.put(chunkOf(text), 0);
  runAtOnce(builder.close());
  return builder.finish(texts.length);
}

describe('TablesBuilder', () => {
  it('makes of bytes what a draft makes of records', () => {
    const draft = new TablesDraft(SnapshotTables.empty);
    for (const record of records) draft.put({ known: true, record }, () => '');
    runAtOnce(draft.close());
    const expected = draft.finish(records.length);
    const tables = built(records.map(recordText));
    for (const { kind, id } of records) expect(tables.text({ kind, id })).toBe(expected.text({ kind, id }));
    for (const table of ['tokenCounts', 'others'] as const) expect(new Set(tables[table].keys())).toEqual(new Set(expected[table].keys()));
    expect(tables.apps.ids(true)).toEqual(expected.apps.ids(true));
    expect([tables.tokens.byId(8), tables.tokens.get('b'.repeat(64))]).toEqual([records[4]!.data, records[4]!.data]);
    expect(tables.tokenCounts.get('3')).toBe('1');
  });

  it('keeps what it does not know', () => {
    const text = '{"data":{"x":1},"id":"9","kind":"later"}';
    expect(built([text]).text({ kind: 'later', id: '9' })).toBe(text);
  });

  it.each([
    ['an app that is there twice', [appRecord({ id: 1 }), appRecord({ id: 1, name: 'other' })], 'snapshot.duplicateRecord'],
    ['a token that is there twice', [appRecord({ id: 1 }), tokenRecord({ id: 1, app_id: 1, hash: 'a'.repeat(64) }), tokenRecord({ id: 1, app_id: 1, hash: 'b'.repeat(64) })], 'snapshot.duplicateRecord'],
    ['two tokens with one hash', [appRecord({ id: 1 }), tokenRecord({ id: 1, app_id: 1, hash: 'a'.repeat(64) }), tokenRecord({ id: 2, app_id: 1, hash: 'a'.repeat(64) })], 'snapshot.duplicateRecord'],
    ['a token whose app is missing', [tokenRecord({ id: 1, app_id: 1, hash: 'a'.repeat(64) })], 'snapshot.danglingReference'],
    ['two plugins with one slug', [pluginRecord({ id: 1, slug: 'echo' }), pluginRecord({ id: 2, slug: 'echo' })], 'snapshot.duplicateSlug'],
  ])('refuses %s', (_, wrong, code) => {
    expect(() => built(wrong.map(recordText))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a record that is not valid, or not written canonically', () => {
    expect(() => built([recordText(appRecord({ id: 1, rate_limit: -1 }))])).toThrow(expect.objectContaining({ code: 'snapshot.badRecord' }));
    expect(() => built([recordText(appRecord({ id: 1 })).replace('"id":1', '"id": 1')])).toThrow(expect.objectContaining({ code: 'snapshot.badEncoding' }));
  });
});
