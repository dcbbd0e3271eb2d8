import type { DataSource, EntityManager } from 'typeorm';

/**
 * One transaction at a time, among all studios, for whoever names the same turn and namespace. The lock is taken before the
 * transaction begins, so that what it sees of the database is what the one before it left.
 */
export async function inTurn<T>(dataSource: DataSource, turn: string, namespace: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const names = [turn, namespace];
  try {
    await runner.connect();
    await runner.query('SELECT pg_advisory_lock(hashtext($1), hashtext($2))', names);
    try {
      return await runner.manager.transaction('REPEATABLE READ', work);
    } finally {
      // A session that is lost has lost its locks as well.
      await runner.query('SELECT pg_advisory_unlock(hashtext($1), hashtext($2))', names).catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}
