import { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';

/**
 * Postgres may end a session in the very moment in which the pool hands it over, when nobody listens to it, and an error that nobody
 * listens to ends the process. The next statement on that session fails and tells as well.
 */
export function outliveSessions(dataSource: DataSource): void {
  const pool: unknown = 'master' in dataSource.driver ? dataSource.driver.master : undefined;
  if (pool instanceof EventEmitter) pool.on('connect', (client: EventEmitter) => client.on('error', () => undefined));
}
