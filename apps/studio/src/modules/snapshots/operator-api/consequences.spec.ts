import type { TwoTexts } from '../storage/record-store';
import { consequencesOf } from './consequences';

const change = (kind: string, id: string, before: object | null, after: object | null): TwoTexts => {
  const text = (data: object | null): string | null => data && JSON.stringify({ data, id, kind });
  return { kind, id, before: text(before), after: text(after) };
};
const token = (id: string, appId: number): TwoTexts => change('token', id, { app_id: appId, hash: id }, null);

describe('consequencesOf', () => {
  it('names apps that go, that are left without tokens, and that keep some', () => {
    const changes = [change('app', '1', { name: 'One' }, null), token('1', 1), token('2', 2), token('3', 3), token('4', 3)];
    const left = new Map([
      [2, { count: 0, name: 'Two' }],
      [3, { count: 5, name: 'Three' }],
    ]);
    expect(consequencesOf(changes, left).brokenApps).toEqual([
      { id: 1, name: 'One', reason: 'removed', tokensRemoved: 1, tokensLeft: 0 },
      { id: 2, name: 'Two', reason: 'no_tokens', tokensRemoved: 1, tokensLeft: 0 },
      { id: 3, name: 'Three', reason: 'fewer_tokens', tokensRemoved: 2, tokensLeft: 5 },
    ]);
  });

  it('does not mind apps and tokens that come or change otherwise', () => {
    const changes = [change('app', '1', { name: 'a' }, { name: 'b' }), change('app', '2', null, { name: 'c' }), change('token', '1', { app_id: 1, hash: 'h', scopes: [] }, { app_id: 1, hash: 'h', scopes: ['x'] })];
    expect(consequencesOf(changes, new Map())).toEqual({ brokenApps: [], lostEndpoints: [] });
  });

  it('names addresses that nobody would answer at any more', () => {
    const changes = [
      change('plugin', '1', { name: 'Gone', slug: 'gone' }, null),
      change('plugin', '2', { name: 'Moved', slug: 'old' }, { name: 'Moved', slug: 'new' }),
      change('plugin', '3', { name: 'Given', slug: 'kept' }, null),
      change('plugin', '4', null, { name: 'Taker', slug: 'kept' }),
      change('plugin', '5', { name: 'No address', slug: null }, null),
    ];
    expect(consequencesOf(changes, new Map()).lostEndpoints).toEqual([
      { pluginId: 1, name: 'Gone', slug: 'gone' },
      { pluginId: 2, name: 'Moved', slug: 'old' },
    ]);
  });
});
