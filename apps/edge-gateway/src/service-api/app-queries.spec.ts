import { appRecord, stateOf } from '../testing/records';
import { CurrentState } from '../snapshot/current-state';
import { AppQueries } from './app-queries';

const current = new CurrentState();
const queries = new AppQueries(current);
const list = (request: { isActive?: boolean; page?: number; limit?: number }) => queries.list({ context: undefined, page: 0, limit: 0, ...request });

beforeAll(() => {
  const records = Array.from({ length: 120 }, (_, index) => appRecord({ id: 120 - index, is_active: index % 2 === 0, metadata: { n: String(index) }, monthly_budget: 5, rate_limit: 6 }));
  current.swap(stateOf(records));
});

describe('AppQueries', () => {
  it('shows an app as the Service API has it', () => {
    expect(queries.get({ context: undefined, appId: 120 })).toEqual({
      app: {
        id: 120, name: 'Shop', description: '', ownerEmail: 'owner@example.com', isActive: true, monthlyBudget: 5, budgetResetDay: 0, rateLimitRpm: 6, allowedIps: [],
        createdAt: new Date(1_000), updatedAt: new Date(2_000), metadata: '{"n":"0"}',
      },
    });
  });

  it('knows no app that is not in the configuration', () => {
    expect(() => queries.get({ context: undefined, appId: 121 })).toThrow('There is no app 121.');
  });

  it('lists in pages by id, with the number of all', () => {
    const ids = (request: Parameters<typeof list>[0]) => list(request).apps.map(({ id }) => id);
    expect(ids({})).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(ids({ page: 3, limit: 50 })).toEqual(Array.from({ length: 20 }, (_, index) => index + 101));
    expect(ids({ page: 4, limit: 50 })).toEqual([]);
    expect(ids({ limit: 100_000 })).toHaveLength(120);
    expect(ids({ page: -1, limit: -1 })).toHaveLength(50);
    expect(list({ limit: 1 }).totalCount).toBe(120n);
  });

  it('lists by activity', () => {
    expect(list({ isActive: true }).totalCount).toBe(60n);
    expect(list({ isActive: false, limit: 1 }).apps).toMatchObject([{ id: 1, isActive: false }]);
  });
});
