import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, freePort, spawnNode, testRedis, waitFor, type NodeChild, type TestDatabase, type TestRedis } from '@sluice/testing';
import { testEnvironment, type Json } from './testing/test-studio';

const MAIN = join(__dirname, '../dist/main.js');
const SLOW = 60_000;

interface Studio {
  process: NodeChild;
  url: string;
}

describe('the studio as processes', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let environment: Record<string, string>;
  const started: NodeChild[] = [];

  beforeEach(async () => {
    if (!existsSync(MAIN)) throw new Error('Build the studio first: npx nx run studio:build');
    [database, redis] = await Promise.all([createTestDatabase(), testRedis()]);
    environment = { ...testEnvironment(database.url), REDIS_URL: redis.url, QUEUE_BACKEND: 'redis' };
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.kill()));
    await Promise.all([database.drop(), redis.close()]);
  });

  async function start(role: string, extra: Record<string, string | undefined> = {}): Promise<Studio> {
    const port = await freePort();
    const process = run({ ...extra, STUDIO_ROLE: role, STUDIO_PORT: String(port), STUDIO_GRPC_PORT: String(await freePort()) });
    await process.waitForOutput(/"studio.started"/, SLOW);
    return { process, url: `http://127.0.0.1:${port}` };
  }

  function run(extra: Record<string, string | undefined>): NodeChild {
    const child = spawnNode(MAIN, { env: { ...environment, ...extra } });
    started.push(child);
    return child;
  }

  const get = async (url: string): Promise<{ status: number; body: Json }> => {
    const answer = await fetch(url);
    return { status: answer.status, body: await answer.json() };
  };

  async function makeKey(url: string): Promise<string> {
    const login = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: environment.STUDIO_ADMIN_EMAIL, password: environment.STUDIO_ADMIN_PASSWORD }),
    });
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
    const made = await fetch(`${url}/api/v1/api-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-sluice-csrf': '1' },
      body: JSON.stringify({ name: 'test', scopes: ['*'] }),
    });
    return ((await made.json()) as { data: { key: string } }).data.key;
  }

  it(
    'share the work by role: migrate, then api and worker beside each other',
    async () => {
      const early = run({ STUDIO_ROLE: 'api' });
      expect((await early.exited).code).toBe(1);
      expect(early.stderr()).toContain('Run the studio once with STUDIO_ROLE=migrate.');

      const only = ['DATABASE_URL', 'REDIS_URL', 'QUEUE_BACKEND'];
      const nothingElse = Object.fromEntries(Object.keys(environment).filter((name) => !only.includes(name)).map((name) => [name, undefined]));
      expect((await run({ ...nothingElse, STUDIO_ROLE: 'migrate' }).exited).code).toBe(0);

      const [api, worker] = await Promise.all([start('api'), start('worker')]);
      expect((await get(`${api.url}/version`)).body.role).toBe('api');
      expect((await get(`${worker.url}/readyz`)).status).toBe(200);
      expect((await get(`${worker.url}/api/v1/openapi.json`)).status).toBe(404);
      expect((await get(`${worker.url}/api/v1/apps`)).status).toBe(404);

      const key = await makeKey(api.url);
      await fetch(`${api.url}/api/v1/apps`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{"name":"from api"}' });
      await waitFor(() => /"snapshot.published".*"revision":2/.test(worker.process.stdout()), { timeoutMs: SLOW, message: () => worker.process.stdout() });
      expect(api.process.stdout()).not.toContain('snapshot.published');
    },
    3 * SLOW,
  );

  it(
    'start twice at the same moment, on an empty database, with one administrator',
    async () => {
      const studios = await Promise.all([start('all'), start('all')]);
      const key = await makeKey(studios[0]!.url);
      const users = await fetch(`${studios[1]!.url}/api/v1/users`, { headers: { authorization: `Bearer ${key}` } });
      expect(((await users.json()) as { data: unknown[] }).data).toHaveLength(1);
    },
    2 * SLOW,
  );

  it(
    'print a generated password once, and stop on SIGTERM',
    async () => {
      const withoutPassword = { STUDIO_ADMIN_PASSWORD: undefined };
      const first = await start('all', withoutPassword);
      const [, password] = await first.process.waitForOutput(/was made with the password (\S{20})\n/);
      environment.STUDIO_ADMIN_PASSWORD = password!;
      expect(await makeKey(first.url)).toMatch(/^slc_key_/);
      expect(await first.process.end('SIGTERM')).toEqual({ code: 0, signal: null });
      const second = await start('all', withoutPassword);
      expect(second.process.stdout()).not.toContain('password');
    },
    2 * SLOW,
  );

  it(
    'start, answer and stop while Redis is away',
    async () => {
      const studio = await start('all', { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
      const key = await makeKey(studio.url);
      const made = await fetch(`${studio.url}/api/v1/apps`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{"name":"x"}' });
      expect(made.status).toBe(201);
      expect(await studio.process.end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(studio.process.stderr()).toBe('');
    },
    2 * SLOW,
  );

  it('name every bad variable at once, and do not start', async () => {
    const child = run({ DATABASE_URL: 'mysql://x', STUDIO_SECRET_KEY: 'short', SNAPSHOT_SIGNING_KEY: 'AAAA', EDGE_JOIN_TOKEN: 'short', STUDIO_PORT: '99999' });
    expect((await child.exited).code).toBe(1);
    for (const name of ['DATABASE_URL', 'STUDIO_SECRET_KEY', 'SNAPSHOT_SIGNING_KEY', 'EDGE_JOIN_TOKEN', 'STUDIO_PORT']) expect(child.stderr()).toContain(name);
  });
});
