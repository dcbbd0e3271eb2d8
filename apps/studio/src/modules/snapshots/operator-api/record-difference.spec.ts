import { recordDifference } from './record-difference';

const text = (data: object): string => JSON.stringify({ data, id: '7', kind: 'plugin' });

describe('recordDifference', () => {
  it('names the smallest parts that differ', () => {
    const before = { name: 'A', hooks: ['a'], config: { slug: 'x', deep: { 'a/b': 1, same: 2 } }, gone: 1 };
    const after = { name: 'B', hooks: ['a', 'b'], config: { slug: 'x', deep: { 'a/b': 3, same: 2 } }, come: null };
    const difference = recordDifference({ kind: 'plugin', id: '7', before: text(before), after: text(after) });
    expect(difference).toMatchObject({ name: 'B', change: 'changed' });
    expect(difference.pointers).toEqual(['/come', '/config/deep/a~1b', '/gone', '/hooks', '/name']);
  });

  it('says what came and what went', () => {
    expect(recordDifference({ kind: 'plugin', id: '7', before: null, after: text({ name: 'A' }) })).toEqual({ kind: 'plugin', id: '7', name: 'A', change: 'added', before: null, after: { name: 'A' }, pointers: [] });
    expect(recordDifference({ kind: 'token', id: '7', before: text({ id: 7 }), after: null })).toMatchObject({ name: null, change: 'removed', after: null });
  });

  it('shows that a secret changed, and not which it is', () => {
    const difference = recordDifference({ kind: 'plugin', id: '7', before: text({ config: { key: { $sealed: 'one' } } }), after: text({ config: { key: { $sealed: 'two' } } }) });
    expect(difference.pointers).toEqual(['/config/key/$sealed']);
    expect(difference.before).toEqual({ config: { key: { set: true } } });
  });

  it('leaves out the hash of a token', () => {
    expect(recordDifference({ kind: 'token', id: '7', before: text({ id: 7, hash: 'h' }), after: null }).before).toEqual({ id: 7 });
  });
});
