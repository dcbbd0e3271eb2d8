/** Fails when an entity was changed without a migration: node dist/database/check-migrations.js, with DATABASE_URL naming a server whose user may create databases. */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import { loadMigrateConfig } from '../config';
import { migrate } from './migrate';
import { pendingChanges } from './pending-changes';

async function main(): Promise<void> {
  const { databaseUrl } = loadMigrateConfig();
  const server = new Client({ connectionString: databaseUrl });
  const name = `check_migrations_${randomBytes(5).toString('hex')}`;
  const fresh = new URL(databaseUrl);
  fresh.pathname = `/${name}`;
  await server.connect();
  await server.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    await migrate({ url: fresh.href, queues: false, logger: pino({ level: 'silent' }) });
    const statements = await pendingChanges(fresh.href);
    if (statements.length === 0) return void process.stdout.write('The migrations and the entities agree.\n');
    process.stderr.write(`The entities need a migration that does not exist:\n${statements.map((statement) => `  ${statement}`).join('\n')}\n`);
    process.exitCode = 1;
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
});
