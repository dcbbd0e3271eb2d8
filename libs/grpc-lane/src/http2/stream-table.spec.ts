import { Random } from '../testing/random';
import { StreamTable } from './stream-table';

interface Numbered {
  readonly streamId: number;
}

it.each([1, 2 ** 31 - 39_999])('finds what is in it and nothing else, whatever comes and goes, with ids from %i on', (first) => {
  const random = new Random(7);
  const table = new StreamTable<Numbered>();
  const expected = new Map<number, Numbered>();
  for (let streamId = first; streamId < first + 39_999; streamId += 2) {
    const stream = { streamId };
    table.add(stream);
    expected.set(streamId, stream);
    // Grows for a while and shrinks for a while; a few stay for long.
    const most = streamId % 10_000 < 5_000 ? 1_000 : 20;
    while (expected.size > most) {
      const ids = [...expected.keys()];
      const gone = ids[random.below(ids.length)]!;
      table.delete(gone);
      table.delete(gone);
      expected.delete(gone);
    }
    const asked = streamId - 2 * random.below((streamId - first) / 2 + 1);
    expect(table.get(asked)).toBe(expected.get(asked));
  }
  expect(table.size).toBe(expected.size);
  expect(new Set(table.list())).toEqual(new Set(expected.values()));
});

it('is empty when it was cleared', () => {
  const table = new StreamTable<Numbered>();
  for (let streamId = 1; streamId < 1_000; streamId += 2) table.add({ streamId });
  table.clear();
  expect([table.size, table.list(), table.get(501)]).toEqual([0, [], undefined]);
  const stream = { streamId: 501 };
  table.add(stream);
  expect([table.size, table.get(501)]).toEqual([1, stream]);
});
