import type { AppData, PluginData, SnapshotRecord, TokenData } from '@sluice/config-snapshot';
import { App } from '@sluice/contracts/plugin';
import { CurrentState } from './current-state';
import { stateOf } from '../testing/records';

const app = (data: Partial<AppData> & { id: number }): SnapshotRecord => ({
  kind: 'app',
  id: String(data.id),
  data: {
    name: 'Shop', description: 'd', owner_email: 'o@example.com', is_active: true, monthly_budget: 12.5, rate_limit: 60, metadata: { tier: 'gold' },
    namespace: '', created_at: 1, updated_at: 2, ...data,
  },
});
const token = (data: Partial<TokenData> & { id: number; app_id: number; hash: string }): SnapshotRecord => ({
  kind: 'token',
  id: String(data.id),
  data: { scopes: ['a'], expires_at: null, ...data },
});
const plugin = (data: Partial<PluginData> & { id: number }): SnapshotRecord => ({
  kind: 'plugin',
  id: String(data.id),
  data: { name: 'p', namespace: '', organization_id: 1, slug: null, command: 'file:///p', hooks: [], config: {}, approved_scopes: [], reloads: 0, ...data },
});

describe('GatewayState', () => {
  it('keeps the App message of each app encoded', () => {
    const { encoded } = stateOf([app({ id: 4, monthly_budget: null })]).apps.get(4)!;
    expect(App.decode(encoded)).toEqual({
      id: 4, name: 'Shop', description: 'd', ownerEmail: 'o@example.com', isActive: true, monthlyBudget: 0, rateLimit: 60, metadata: { tier: 'gold' }, pluginResources: [],
    });
  });

  it('finds a usable token by its hash', () => {
    const state = stateOf([app({ id: 4 }), token({ id: 9, app_id: 4, hash: 'h', scopes: ['x'], expires_at: 10 })]);
    expect(state.usableToken('h', 9_999)).toMatchObject({ id: 9, scopes: ['x'], app: { data: { id: 4 } } });
    expect(state.usableToken('other', 0)).toBeUndefined();
  });

  it('knows no token that is expired or belongs to an inactive app', () => {
    const state = stateOf([app({ id: 4 }), app({ id: 5, is_active: false }), token({ id: 1, app_id: 4, hash: 'old', expires_at: 10 }), token({ id: 2, app_id: 5, hash: 'off' })]);
    expect(state.usableToken('old', 10_000)).toBeUndefined();
    expect(state.usableToken('off', 0)).toBeUndefined();
  });

  it('finds plugins by slug, and lists them by id', () => {
    const state = stateOf([plugin({ id: 3, slug: 'echo' }), plugin({ id: 2, slug: 'other' }), plugin({ id: 1 })]);
    expect(state.plugins.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(state.pluginsBySlug.get('echo')?.id).toBe(3);
  });

  it('knows no token that was taken back ahead of its revision', () => {
    const state = stateOf([app({ id: 4 }), token({ id: 1, app_id: 4, hash: 'h' }), token({ id: 2, app_id: 4, hash: 'i' })]).without(new Set(['h']));
    expect([state.usableToken('h', 0), state.usableToken('i', 0)?.id]).toEqual([undefined, 2]);
  });
});

describe('CurrentState', () => {
  it('tells of a swap after it has happened', () => {
    const current = new CurrentState();
    const seen: (number | undefined)[] = [];
    current.onSwap(() => seen.push(current.get()?.revision));
    current.swap(stateOf([], 1));
    current.swap(stateOf([], 2));
    expect(seen).toEqual([1, 2]);
  });
});
