import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '@sluice/kernel';
import { createTestDatabase, ensureTemplateDatabase, type TestDatabase } from '@sluice/testing';
import { pino } from 'pino';
import { loadStudioConfig, type StudioConfig } from '../config';
import { MIGRATIONS } from '../database/data-source';
import { migrate } from '../database/migrate';
import { createHttpApp } from '../http/create-http-app';

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };

const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

/** JSON as it came; a test looks into it as it likes. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  body: Json;
}

export interface Call {
  body?: unknown;
  /** Sent as it is, instead of a JSON body. */
  rawBody?: string;
  /** Added to the studio's; undefined leaves one out. */
  headers?: Record<string, string | undefined>;
}

/** A studio of the test's own: a freshly migrated database, and requests that go through the whole HTTP surface without a port. */
export class TestStudio {
  /** Sent with every call until it is changed; the administrator's session to begin with. */
  headers: Record<string, string> = {};

  private constructor(
    readonly app: NestFastifyApplication,
    readonly config: StudioConfig,
    private readonly database: TestDatabase,
  ) {}

  static async start(options: { environment?: Record<string, string>; clock?: Clock; login?: boolean } = {}): Promise<TestStudio> {
    const database = await createTestDatabase({ template: await migratedTemplate() });
    const config = loadStudioConfig({ ...testEnvironment(database.url), ...options.environment });
    const telemetry = { metricsText: async () => '# no metrics\n', shutdown: async () => undefined };
    const app = await createHttpApp({ config, logger, telemetry, clock: options.clock });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const studio = new TestStudio(app, config, database);
    if (options.login !== false) studio.headers = await studio.logIn();
    return studio;
  }

  async logIn(credentials: { email: string; password: string } = ADMIN): Promise<Record<string, string>> {
    const answer = await this.call('POST', '/api/v1/auth/login', { body: credentials, headers: { cookie: '' } });
    if (answer.status !== 200) throw new Error(`Login failed: ${JSON.stringify(answer.body)}`);
    return { cookie: String(answer.headers['set-cookie']).split(';')[0]!, 'x-sluice-csrf': '1' };
  }

  async call(method: string, path: string, { body, rawBody, headers }: Call = {}): Promise<Answer> {
    const hasBody = rawBody !== undefined || body !== undefined;
    const all = { ...(hasBody && { 'content-type': 'application/json' }), ...this.headers, ...headers };
    const answer = await this.app.inject({
      method: method as 'GET',
      url: path,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      payload: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? answer.json() : answer.body };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }
}

/** All that a studio needs to be told, with keys of its own; jobs wait in Postgres. */
export function testEnvironment(databaseUrl: string): Record<string, string> {
  return {
    STUDIO_ROLE: 'all',
    STUDIO_HOST: '127.0.0.1',
    STUDIO_PORT: '0',
    STUDIO_GRPC_PORT: '0',
    STUDIO_PUBLIC_URL: 'http://studio.test',
    DATABASE_URL: databaseUrl,
    QUEUE_BACKEND: 'postgres',
    STUDIO_SECRET_KEY: randomBytes(32).toString('base64'),
    EDGE_SHARED_KEY: randomBytes(32).toString('base64'),
    EDGE_JOIN_TOKEN: 'join-token-of-the-tests',
    SNAPSHOT_SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    STUDIO_ADMIN_EMAIL: ADMIN.email,
    STUDIO_ADMIN_PASSWORD: ADMIN.password,
    PLUGIN_RUN_DIR: join(tmpdir(), `sluice-test-${process.pid}`),
  };
}

/** Made once for the migrations as they are now, and copied from then on. */
function migratedTemplate(): Promise<string> {
  const version = createHash('sha256').update(MIGRATIONS.map(String).join()).digest('hex').slice(0, 16);
  return ensureTemplateDatabase(`studio ${version}`, (url) => migrate({ url, queues: true, logger }));
}
