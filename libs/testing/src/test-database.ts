import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { testDatabaseUrl } from './servers';

export interface TestDatabase {
  name: string;
  url: string;
  /** Ends whoever is still connected and removes the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Name of the database to copy; without it the new one is empty. */
  template?: string;
}

/** Another session in the template, or another copy of it just being made. */
const OBJECT_IN_USE = '55006';
const attempts = 20;

/** A database of the test's own on `TEST_DATABASE_URL`. */
export async function createTestDatabase({ template = 'template0' }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(5).toString('hex')}`;
  await asAdministrator((client) => createFrom(client, name, template));
  return {
    name,
    url: databaseUrl(name),
    drop: () => asAdministrator(async (client) => void (await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))),
  };
}

/**
 * A database that tests copy with `createTestDatabase({ template })`. `prepare` fills it, once on a server for a given `key` however many test
 * processes ask; put into the key what it depends on (the newest migration's name, say). Nobody may stay connected to it.
 */
export async function ensureTemplateDatabase(key: string, prepare: (url: string) => Promise<void>): Promise<string> {
  const name = `template_${key.toLowerCase().replace(/[^a-z0-9]+/g, '_').slice(-50)}`;
  const unfinished = `${name}_new`;
  await asAdministrator(async (client) => {
    // Held until the connection ends, so that the second process finds the finished template.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
    await createFrom(client, unfinished, 'template0');
    await prepare(databaseUrl(unfinished));
    await client.query(`ALTER DATABASE "${unfinished}" RENAME TO "${name}"`);
  });
  return name;
}

async function createFrom(client: Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== OBJECT_IN_USE || attempt === attempts) throw error;
      await sleep(250);
    }
  }
}

function databaseUrl(name: string): string {
  const url = new URL(testDatabaseUrl());
  url.pathname = `/${name}`;
  return url.href;
}

async function asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: testDatabaseUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
