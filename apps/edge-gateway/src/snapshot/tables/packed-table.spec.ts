import { PackedTable } from './packed-table';
import type { TableWriter } from './table-writer';
import { writeTable } from './write-table';
import { runAtOnce } from '../time-slice';

const changed = (base: PackedTable, change: (draft: TableWriter) => void): PackedTable => {
  const draft = writeTable(base);
  change(draft);
  runAtOnce(draft.close());
  return draft.finish();
};
const numbers = (count: number) =>
  changed(PackedTable.empty, (draft) => {
    for (let id = 0; id < count; id++) draft.set(String(id), `v ${id} "ü🎈"`);
  });

describe('PackedTable', () => {
  it('is a map from keys to lines', () => {
    const table = numbers(5_000);
    expect(table.size).toBe(5_000);
    expect([table.get('4321'), table.get('5000'), table.get('432'), table.has('1'), table.has('50000')]).toEqual(['v 4321 "ü🎈"', undefined, 'v 432 "ü🎈"', true, false]);
    expect([...table.keys()].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 5_000 }, (_, id) => id));
  });

  it('never changes: whoever holds it sees what it was', () => {
    const before = numbers(300);
    const after = changed(before, (draft) => {
      draft.set('1', 'other');
      draft.delete('2');
      draft.delete('1000');
      draft.set('301', 'x'.repeat(5_000));
      expect([draft.get('1'), draft.has('2'), draft.get('3')]).toEqual(['other', false, 'v 3 "ü🎈"']);
    });
    expect([before.get('1'), before.has('2'), before.has('301'), before.size]).toEqual(['v 1 "ü🎈"', true, false, 300]);
    expect([after.get('1'), after.has('2'), after.get('301')?.length, after.size]).toEqual(['other', false, 5_000, 300]);
    expect(after.shards.filter((shard, index) => shard !== before.shards[index])).toHaveLength(3);
  });

  it('follows any order of changes', () => {
    let table = PackedTable.empty;
    const model = new Map<string, string>();
    for (let round = 0; round < 40; round++) {
      table = changed(table, (draft) => {
        for (let step = 0; step < 30; step++) {
          const key = String(Math.floor(Math.random() * 60));
          if (round > 0 && Math.random() < 0.4) {
            draft.delete(key);
            model.delete(key);
          } else if (round > 0 || !model.has(key)) {
            const value = 'ü'.repeat(Math.floor(Math.random() * 30));
            draft.set(key, value);
            model.set(key, value);
          }
        }
      });
      expect(new Map([...table.keys()].map((key) => [key, table.get(key)]))).toEqual(model);
      expect(table.size).toBe(model.size);
    }
  });

  it('finds by the beginning of a key what fits', () => {
    const table = changed(PackedTable.empty, (draft) => {
      draft.set('abcdefgh1', 'one');
      draft.set('abcdefgh2', 'two');
    });
    expect(table.line('abcdefgh', ({ value }) => value === 'two')?.key).toBe('abcdefgh2');
    expect(table.line('abcdefgh', () => false)).toBeUndefined();
  });

  it('refuses a key that is set twice in an empty table', () => {
    expect(() =>
      changed(PackedTable.empty, (draft) => {
        draft.set('1', 'a');
        draft.set('1', 'b');
      }),
    ).toThrow(expect.objectContaining({ code: 'snapshot.duplicateRecord' }));
  });

  it('is the same table when nothing was changed', () => {
    const table = numbers(10);
    expect(changed(table, (draft) => draft.delete('99'))).toBe(table);
  });
});
