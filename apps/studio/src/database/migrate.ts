import type { Logger } from 'pino';
import { runMigrations as runQueueMigrations } from 'bullmq';
import { Client } from 'pg';
import { createDataSource } from './data-source';

/** Spells "slce"; two studios that start together take turns. */
const MIGRATION_LOCK = 0x736c6365;

export interface MigrateOptions {
  url: string;
  /** Whether jobs wait in this database too. */
  queues: boolean;
  logger: Logger;
}

/** Brings a database up to what this version expects. */
export async function migrate({ url, queues, logger }: MigrateOptions): Promise<void> {
  const session = new Client({ connectionString: url, application_name: 'studio migrate' });
  await session.connect();
  try {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = await createDataSource(url).initialize();
    try {
      const applied = await dataSource.runMigrations();
      logger.info({ event: 'database.migrated', applied: applied.map((migration) => migration.name) });
    } finally {
      await dataSource.destroy();
    }
    if (queues) await runQueueMigrations(session);
  } finally {
    // Ends the session, and the lock with it.
    await session.end();
  }
}
