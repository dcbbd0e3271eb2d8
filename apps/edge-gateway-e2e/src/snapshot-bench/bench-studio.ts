import { join } from 'node:path';
import { createTestDatabase, freePort, spawnNode, testRedis, waitFor, type NodeChild, type TestDatabase, type TestRedis } from '@sluice/testing';
import { Client } from 'pg';
import { newKeys, type StackKeys } from '../stack/keys';
import { NODE_ARGS } from '../stack/node-args';
import { repository } from '../stack/repository';
import { StudioApi } from '../stack/studio-api';

const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };
const BUILD_MS = 600_000;

/** A studio with many apps, each with a token, and nothing else; its database and its Redis. */
export class BenchStudio {
  readonly keys: StackKeys = newKeys();
  readonly api: StudioApi;
  private process!: NodeChild;

  private constructor(
    readonly database: TestDatabase,
    readonly redis: TestRedis,
    private readonly ports: { http: number; grpc: number },
    private readonly folder: string,
  ) {
    this.api = new StudioApi(`http://127.0.0.1:${ports.http}`);
  }

  /** Resolves when the snapshot of all apps is published. */
  static async start(folder: string, apps: number): Promise<BenchStudio> {
    const studio = new BenchStudio(await createTestDatabase(), await testRedis(), { http: await freePort(), grpc: await freePort() }, folder);
    try {
      const migration = studio.spawn({ STUDIO_ROLE: 'migrate' });
      if ((await migration.exited).code !== 0) throw new Error(`The database could not be migrated: ${migration.stderr()}`);
      // The administrator is made where there are no users yet.
      await studio.run('api');
      await studio.process.end();
      await studio.insertApps(1, apps);
      await studio.run('all');
      await studio.api.login(ADMIN.email, ADMIN.password);
      await studio.untilPublished();
      return studio;
    } catch (error) {
      await studio.close();
      throw error;
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  /** Rows as the API would have written them, and no revision: what is built later has them. */
  insertApps(first: number, last: number): Promise<void> {
    return this.sql(async (client) => {
      await client.query(`INSERT INTO users (organization_id, email, password_hash) SELECT 1, 'owner' || i || '@example.com', 'x' FROM generate_series(1, 100) i ON CONFLICT DO NOTHING`);
      await client.query(
        `INSERT INTO apps (id, organization_id, owner_id, name, description, rate_limit, metadata)
         SELECT i, 1, (SELECT min(id) FROM users) + i % 100, 'App ' || i, 'What app ' || i || ' is for', 60, '{"team": "search", "tier": "gold"}' FROM generate_series($1::int, $2::int) i`,
        [first, last],
      );
      await client.query(
        `INSERT INTO app_tokens (app_id, name, hash, prefix, last_four, scopes)
         SELECT i, 'main', encode(sha256(convert_to('token ' || i, 'UTF8')), 'hex'), 'slc_app_0000', '0000', '{}' FROM generate_series($1::int, $2::int) i`,
        [first, last],
      );
      await client.query(`SELECT setval(pg_get_serial_sequence('apps', 'id'), (SELECT max(id) FROM apps))`);
      await client.query('ANALYZE apps, app_tokens, users');
    });
  }

  /** Changes one app over the API. */
  async change(app: number, round: number): Promise<void> {
    await this.api.call('PATCH', `/api/v1/apps/${app}`, { name: `App ${app}, ${round}` });
  }

  /** Everything is built and published anew, as after a restore from backup. */
  async beginEpoch(): Promise<void> {
    const command = spawnNode(join(repository, 'apps/studio/dist/new-epoch.js'), { env: { DATABASE_URL: this.database.url, QUEUE_BACKEND: 'postgres' } });
    if ((await command.exited).code !== 0) throw new Error(`No new epoch: ${command.stderr()}`);
  }

  async untilPublished(): Promise<void> {
    const pending = 'SELECT 1 FROM snapshot_namespaces WHERE revision > published_revision';
    await this.sql(async (client) => {
      await waitFor(async () => (await client.query(pending)).rowCount === 0, { timeoutMs: BUILD_MS, intervalMs: 20, message: 'everything is published' });
    });
  }

  /** The newest revision of the default namespace. */
  async revision(): Promise<number> {
    let revision = 0;
    await this.sql(async (client) => {
      const { rows } = await client.query<{ revision: string }>(`SELECT revision FROM snapshot_namespaces WHERE namespace = ''`);
      revision = Number(rows[0]?.revision);
    });
    return revision;
  }

  async close(): Promise<void> {
    await this.process?.end();
    await Promise.all([this.database.drop(), this.redis.close()]);
  }

  private async run(role: string): Promise<void> {
    this.process = this.spawn({ STUDIO_ROLE: role });
    await waitFor(async () => (await fetch(`${this.api.url}/readyz`)).ok, { timeoutMs: BUILD_MS, message: () => `the studio is ready: ${this.process.stdout().slice(-2_000)}${this.process.stderr()}` });
  }

  private async sql(work: (client: Client) => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }

  private spawn(environment: Record<string, string>): NodeChild {
    return spawnNode(join(repository, 'apps/studio/dist/main.js'), {
      nodeArgs: NODE_ARGS,
      env: {
        NODE_ENV: 'production',
        STUDIO_HOST: '127.0.0.1',
        STUDIO_PORT: String(this.ports.http),
        STUDIO_GRPC_PORT: String(this.ports.grpc),
        STUDIO_PUBLIC_URL: this.api.url,
        DATABASE_URL: this.database.url,
        REDIS_URL: this.redis.url,
        STUDIO_SECRET_KEY: this.keys.studioSecretKey,
        EDGE_SHARED_KEY: this.keys.edgeSharedKey,
        EDGE_JOIN_TOKEN: this.keys.edgeJoinToken,
        SNAPSHOT_SIGNING_KEY: this.keys.signingKey,
        STUDIO_ADMIN_EMAIL: ADMIN.email,
        STUDIO_ADMIN_PASSWORD: ADMIN.password,
        PLUGIN_RUN_DIR: join(this.folder, 's'),
        ...environment,
      },
    });
  }
}
