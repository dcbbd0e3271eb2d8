import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotKeys } from '@sluice/edge-link';
import { createTestDatabase, freePort, spawnNode, testRedis, waitFor, type NodeChild, type TestDatabase, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { loadStudioConfig } from '../../config';
import { PublishedSnapshot } from '../../testing/published-snapshot';
import { ADMIN, testEnvironment } from '../../testing/test-studio';

const MAIN = join(__dirname, '../../../dist/main.js');
const SLOW = 60_000;

jest.setTimeout(4 * SLOW);

interface Announced {
  revision: number;
  parent: number | null;
}

describe('two studios as processes, with one database and one Redis', () => {
  let database: TestDatabase;
  let server: TestRedis;
  let sql: Client;
  let redis: Redis;
  let subscriber: Redis;
  let environment: Record<string, string>;
  let studios: { process: NodeChild; url: string; cookie: string }[];
  /** Channels are shared by all databases of a Redis. */
  const namespace = `two-${randomBytes(4).toString('hex')}`;
  const announced: Announced[] = [];

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error('Build the studio first: npx nx run studio:build');
    [database, server] = await Promise.all([createTestDatabase(), testRedis()]);
    environment = { ...testEnvironment(database.url), REDIS_URL: server.url, QUEUE_BACKEND: 'redis' };
    redis = new Redis(server.url);
    subscriber = new Redis(server.url);
    await subscriber.subscribe(snapshotKeys(namespace).channel);
    subscriber.on('message', (_, text: string) => announced.push(JSON.parse(text.split('\n')[0]!) as Announced));
    studios = [await start(), await start()];
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await Promise.all((studios ?? []).map(({ process }) => process.kill()));
    await sql?.end();
    subscriber?.disconnect();
    redis?.disconnect();
    await Promise.all([database?.drop(), server?.close()]);
  });

  async function start(): Promise<(typeof studios)[number]> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const process = spawnNode(MAIN, { env: { ...environment, STUDIO_PORT: new URL(url).port, STUDIO_GRPC_PORT: String(await freePort()) } });
    await process.waitForOutput(/"studio.started"/, SLOW);
    const login = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(ADMIN) });
    return { process, url, cookie: login.headers.get('set-cookie')!.split(';')[0]! };
  }

  async function write(studio: number, name: string): Promise<number> {
    const { url, cookie } = studios[studio]!;
    const answer = await fetch(`${url}/api/v1/apps`, { method: 'POST', headers: { 'content-type': 'application/json', cookie, 'x-sluice-csrf': '1' }, body: JSON.stringify({ name, namespace }) });
    return answer.status;
  }

  async function names(): Promise<string[]> {
    const { rows } = await sql.query<{ name: string }>('SELECT name FROM apps ORDER BY name');
    return rows.map(({ name }) => name);
  }

  /** What gateways have, once everything is published. */
  async function settled(): Promise<PublishedSnapshot> {
    await waitFor(async () => (await sql.query('SELECT FROM snapshot_namespaces WHERE revision > published_revision')).rowCount === 0, { timeoutMs: SLOW, message: 'everything is published' });
    return (await waitFor(() => PublishedSnapshot.read(redis, loadStudioConfig(environment), namespace), { timeoutMs: SLOW, message: 'Redis has all of the newest snapshot' }))!;
  }

  it('lose nothing and do nothing twice while both are written to', async () => {
    expect(await write(0, 'first')).toBe(201);
    await settled();
    for (let round = 0; round < 10; round++) {
      const writes = Array.from({ length: 6 }, (_, index) => write(index % 2, `app ${round}${index}`));
      expect(new Set(await Promise.all(writes))).toEqual(new Set([201]));
    }
    const snapshot = await settled();
    expect(snapshot.of('app').map(({ name }) => name).sort()).toEqual(await names());
    await waitFor(() => announced.at(-1)?.revision === snapshot.header.revision, { message: 'the last revision is announced' });
    // Each is announced once, and each follows the one before it: none is skipped.
    const deltas = announced.filter(({ parent }) => parent !== null);
    expect(announced.map(({ revision }) => revision)).toEqual([...new Set(announced.map(({ revision }) => revision))]);
    expect(deltas.slice(1).map(({ parent }) => parent)).toEqual(deltas.slice(0, -1).map(({ revision }) => revision));
    const { rows } = await sql.query<{ count: number }>('SELECT count(*)::integer AS count FROM snapshot_records WHERE to_revision IS NULL GROUP BY namespace, kind, id HAVING count(*) > 1');
    expect(rows).toEqual([]);
  });

  it('publish nothing by halves when every session of the database is cut again and again', async () => {
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'studio%'`;
    const outcomes: number[] = [];
    for (let round = 0; round < 15; round++) {
      const writing = [write(round % 2, `cut ${round} a`), write((round + 1) % 2, `cut ${round} b`)].map((answer) => answer.catch(() => 0));
      await sql.query(cut);
      outcomes.push(...(await Promise.all(writing)));
    }
    // Whatever was answered with success is there; what was not may be there or not, and gateways have the same.
    await waitFor(async () => (await write(0, 'after all')) === 201, { timeoutMs: SLOW, message: 'the studio writes again' });
    const snapshot = await settled();
    expect(snapshot.of('app').map(({ name }) => name).sort()).toEqual(await names());
    expect((await names()).filter((name) => name.startsWith('cut')).length).toBeGreaterThanOrEqual(outcomes.filter((status) => status === 201).length);
    for (const { process } of studios) expect({ code: process.process.exitCode, said: process.stderr() }).toEqual({ code: null, said: '' });
  });

  it('go on when one of them is killed', async () => {
    await studios[0]!.process.kill();
    expect(await write(1, 'survivor')).toBe(201);
    const snapshot = await settled();
    expect(snapshot.of('app').map(({ name }) => name)).toContain('survivor');
  });
});
