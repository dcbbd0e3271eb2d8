import { createTestDatabase, type TestDatabase } from '@sluice/testing';
import { pino } from 'pino';
import { createDataSource, MIGRATIONS } from './data-source';
import { migrate } from './migrate';
import { pendingChanges } from './pending-changes';

const logger = pino({ level: 'silent' });

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('leave the ORM nothing to generate', async () => {
    await migrate({ url: database.url, queues: true, logger });
    expect(await pendingChanges(database.url)).toEqual([]);
  });

  it('notice a column that no migration makes', async () => {
    await migrate({ url: database.url, queues: false, logger });
    const dataSource = await createDataSource(database.url).initialize();
    await dataSource.query('ALTER TABLE apps DROP COLUMN rate_limit');
    await dataSource.destroy();
    expect(await pendingChanges(database.url)).toEqual([expect.stringContaining('ADD "rate_limit" integer NOT NULL DEFAULT')]);
  });

  it('run up, with rows, and down to nothing', async () => {
    await migrate({ url: database.url, queues: false, logger });
    const dataSource = await createDataSource(database.url).initialize();
    try {
      await dataSource.query(`INSERT INTO users (organization_id, email, password_hash) VALUES (1, 'a@example.com', 'x')`);
      await dataSource.query(`INSERT INTO apps (organization_id, owner_id, name) VALUES (1, 1, 'app')`);
      await dataSource.query(`INSERT INTO app_tokens (app_id, name, prefix, hash, last_four, scopes) VALUES (1, 't', 'slc_app_abcd', 'h', 'wxyz', '{read}')`);
      await dataSource.query(`INSERT INTO groups (organization_id, name) VALUES (1, 'g')`);
      await dataSource.query(`INSERT INTO group_members (group_id, user_id) VALUES (1, 1)`);
      for (let index = 0; index < MIGRATIONS.length; index++) await dataSource.undoLastMigration();
      const left = await dataSource.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations'`);
      expect(left).toEqual([]);
      expect(await dataSource.runMigrations()).toHaveLength(MIGRATIONS.length);
    } finally {
      await dataSource.destroy();
    }
  });

  it('run once when two studios start together', async () => {
    await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, queues: true, logger })));
    const dataSource = await createDataSource(database.url).initialize();
    const [{ count }] = await dataSource.query('SELECT count(*)::int AS count FROM schema_migrations');
    await dataSource.destroy();
    expect(count).toBe(MIGRATIONS.length);
  });
});
