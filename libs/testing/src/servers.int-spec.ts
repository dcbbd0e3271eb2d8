import { Redis } from 'ioredis';
import { Client } from 'pg';

import { createTestDatabase, ensureTemplateDatabase, type TestDatabase } from './test-database';
import { testRedis } from './test-redis';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('test databases', () => {
  const made: TestDatabase[] = [];
  async function database(template?: string): Promise<TestDatabase> {
    const created = await createTestDatabase({ template });
    made.push(created);
    return created;
  }
  afterEach(() => Promise.all(made.splice(0).map((each) => each.drop())));

  it('are empty and do not see each other', async () => {
    const [one, other] = await Promise.all([database(), database()]);
    await query(one.url, 'CREATE TABLE things (id int)');
    const tables = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`;
    expect(await query(one.url, tables)).toEqual([{ tablename: 'things' }]);
    expect(await query(other.url, tables)).toEqual([]);
  });

  it('are copies of a template that is prepared once', async () => {
    const key = `spec ${process.pid} ${Date.now()}`;
    const prepare = jest.fn(async (url: string) => void (await query(url, 'CREATE TABLE things AS SELECT 7 AS id')));
    const [name] = await Promise.all([ensureTemplateDatabase(key, prepare), ensureTemplateDatabase(key, prepare)]);
    expect(prepare).toHaveBeenCalledTimes(1);
    const copies = await Promise.all([database(name), database(name)]);
    for (const copy of copies) expect(await query(copy.url, 'SELECT id FROM things')).toEqual([{ id: 7 }]);
    await query(process.env.TEST_DATABASE_URL!, `DROP DATABASE "${name}"`);
  });

  it('are gone after drop, whoever is connected', async () => {
    const created = await createTestDatabase();
    const client = new Client({ connectionString: created.url });
    client.on('error', () => undefined);
    await client.connect();
    await created.drop();
    await expect(query(created.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
    await client.end().catch(() => undefined);
  });

  it('say what to do when no server is named', async () => {
    const before = process.env.TEST_DATABASE_URL;
    delete process.env.TEST_DATABASE_URL;
    try {
      await expect(createTestDatabase()).rejects.toThrow('run `npm test`, which starts one, or set TEST_DATABASE_URL');
    } finally {
      process.env.TEST_DATABASE_URL = before;
    }
  });
});

describe('test Redis databases', () => {
  it('are empty and do not see each other', async () => {
    const [one, other] = await Promise.all([testRedis(), testRedis()]);
    const [first, second] = [new Redis(one.url), new Redis(other.url)];
    await first.set('key', 'value');
    expect(await first.get('key')).toBe('value');
    expect(await second.get('key')).toBeNull();
    expect(one.prefix).not.toBe(other.prefix);
    first.disconnect();
    second.disconnect();
    await Promise.all([one.close(), other.close()]);
  });

  it('are emptied when they are given back', async () => {
    const redis = await testRedis();
    const client = new Redis(redis.url);
    await client.set('key', 'value');
    await redis.close();
    expect(await client.get('key')).toBeNull();
    client.disconnect();
  });
});
