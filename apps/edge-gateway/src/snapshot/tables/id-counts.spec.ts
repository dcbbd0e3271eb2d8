import { IdCounts } from './id-counts';

describe('IdCounts', () => {
  it('counts any ids, however many there are', () => {
    const counts = new IdCounts();
    const model = new Map<number, number>();
    for (let step = 0; step < 30_000; step++) {
      const id = step % 3 === 0 ? 0xffff_ffff - (step % 900) : step * 4_096 + 1;
      model.set(id, (model.get(id) ?? 0) + 1);
      expect(counts.add(id)).toBe(model.get(id));
    }
    expect(new Map(counts.entries())).toEqual(model);
    expect([counts.get(4_097), counts.get(2)]).toEqual([1, 0]);
  });
});
