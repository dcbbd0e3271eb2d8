import { createTestDatabase, waitFor, type TestDatabase } from '@sluice/testing';
import { Client } from 'pg';
import { pino } from 'pino';
import type { StudioConfig } from '../../config';
import { DeliveryLanes } from './delivery-lanes';

describe('DeliveryLanes', () => {
  let database: TestDatabase;
  let one: DeliveryLanes;
  let other: DeliveryLanes;
  beforeEach(async () => {
    database = await createTestDatabase();
    const lanes = () => new DeliveryLanes({ databaseUrl: database.url } as StudioConfig, pino({ level: 'silent' }));
    [one, other] = [lanes(), lanes()];
  });
  afterEach(async () => {
    await Promise.all([one.onApplicationShutdown(), other.onApplicationShutdown()]);
    await database.drop();
  });

  it('are held by one process of several, each by itself', async () => {
    expect(await one.claim(1)).toBe(true);
    expect(await other.claim(1)).toBe(false);
    expect(await other.claim(2)).toBe(true);
    await one.release(1);
    expect(one.holds(1)).toBe(false);
    expect(await other.claim(1)).toBe(true);
  });

  it('are free again at once when their process is gone, and it knows that it lost them', async () => {
    expect(await one.claim(1)).toBe(true);
    const operator = new Client({ connectionString: database.url });
    await operator.connect();
    await operator.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'studio deliveries'`);
    await operator.end();
    await waitFor(() => !one.holds(1), { timeoutMs: 10_000 });
    expect(await other.claim(1)).toBe(true);
    expect(await one.claim(1)).toBe(false);
  });
});
