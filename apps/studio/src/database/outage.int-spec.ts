import { testDatabaseUrl, waitFor } from '@sluice/testing';
import { Client } from 'pg';
import { TestStudio } from '../testing/test-studio';

describe('while the database is away', () => {
  let studio: TestStudio;
  let server: Client;
  beforeAll(async () => {
    studio = await TestStudio.start();
    server = new Client({ connectionString: testDatabaseUrl() });
    await server.connect();
  });
  afterAll(async () => {
    await server.end();
    await studio.close();
  });

  const name = (): string => new URL(studio.config.databaseUrl).pathname.slice(1);

  it('the studio says so, and goes on when it is back', async () => {
    await server.query(`ALTER DATABASE "${name()}" ALLOW_CONNECTIONS false`);
    await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name()]);
    expect((await studio.call('GET', '/livez')).status).toBe(200);
    expect(await studio.call('GET', '/readyz?verbose')).toMatchObject({ status: 503, body: { checks: { database: false } } });
    const refused = await studio.call('GET', '/api/v1/apps');
    expect(refused).toMatchObject({ status: 503, body: { code: 'http.databaseUnreachable' }, headers: { 'retry-after': '5' } });

    await server.query(`ALTER DATABASE "${name()}" ALLOW_CONNECTIONS true`);
    await waitFor(async () => (await studio.call('GET', '/readyz')).status === 200);
    expect((await studio.call('GET', '/api/v1/apps')).status).toBe(200);
    expect((await studio.call('POST', '/api/v1/apps', { body: { name: 'after' } })).status).toBe(201);
  });
});
