import { ShardedMap } from './sharded-map';

const numbers = (count: number) => {
  const draft = ShardedMap.empty<number, string>().edit();
  for (let id = 0; id < count; id++) draft.set(id, `v${id}`);
  return draft.finish();
};

describe('ShardedMap', () => {
  it('is a map', () => {
    const map = numbers(5_000);
    expect(map.size).toBe(5_000);
    expect(map.get(4_321)).toBe('v4321');
    expect([map.has(5_000), map.get(5_000)]).toEqual([false, undefined]);
    expect(new Set(map.values()).size).toBe(5_000);
    expect([...map.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 5_000 }, (_, id) => id));
  });

  it('takes text as keys, of any length', () => {
    const draft = ShardedMap.empty<string, number>().edit();
    const keys = ['', 'a', 'ab', 'abcd', 'abcde', 'abcdf', 'ü'];
    for (const [index, key] of keys.entries()) draft.set(key, index);
    const map = draft.finish();
    expect(keys.map((key) => map.get(key))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('never changes: whoever holds it sees what it was', () => {
    const before = numbers(100);
    const draft = before.edit();
    draft.set(1, 'other');
    draft.delete(2);
    draft.delete(1_000);
    draft.set(200, 'new');
    expect([draft.get(1), draft.has(2), draft.get(3)]).toEqual(['other', false, 'v3']);
    const after = draft.finish();
    expect([before.get(1), before.get(2), before.has(200), before.size]).toEqual(['v1', 'v2', false, 100]);
    expect([after.get(1), after.get(2), after.get(200), after.size]).toEqual(['other', undefined, 'new', 100]);
  });

  it('is the same map when nothing was changed', () => {
    const map = numbers(10);
    const draft = map.edit();
    draft.delete(99);
    expect(draft.finish()).toBe(map);
  });
});
