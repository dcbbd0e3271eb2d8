import { randomBytes } from 'node:crypto';
import { snapshotKeys } from '@sluice/edge-link';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { createHttpApp } from '../../http/create-http-app';
import { TestStudio } from '../../testing/test-studio';
import { SnapshotStore, type Refusal } from './snapshot-store';

jest.setTimeout(60_000);

const LISTENERS = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'studio changes'`;

describe('the way from a commit to Redis', () => {
  const namespace = `relay-${randomBytes(4).toString('hex')}`;
  const announced: number[] = [];
  let server: TestRedis;
  let subscriber: Redis;
  let studio: TestStudio;
  let second: NestFastifyApplication;
  beforeAll(async () => {
    server = await testRedis();
    studio = await TestStudio.start({ environment: { REDIS_URL: server.url } });
    const telemetry = { metricsText: async () => '', shutdown: async () => undefined };
    second = await createHttpApp({ config: studio.config, logger: pino({ level: 'silent' }), telemetry });
    await second.init();
    subscriber = new Redis(server.url);
    await subscriber.subscribe(snapshotKeys(namespace).channel);
    subscriber.on('message', (_, text: string) => announced.push((JSON.parse(text.split('\n')[0]!) as { revision: number }).revision));
  });
  afterAll(async () => {
    subscriber.disconnect();
    await second.close();
    await studio.close();
    await server.close();
  });

  const query = <T>(sql: string, parameters?: unknown[]): Promise<T[]> => studio.app.get(DataSource).query(sql, parameters);
  const write = async (): Promise<void> => {
    const { status } = await studio.call('POST', '/api/v1/apps', { body: { name: 'app', namespace } });
    expect(status).toBe(201);
  };
  async function publishedAll(): Promise<void> {
    await waitFor(async () => (await query(`SELECT 1 FROM snapshot_namespaces WHERE revision > published_revision`)).length === 0, { timeoutMs: 20_000 });
  }

  it('is gone once for each revision that is published, in their order, with two studios at work', async () => {
    for (let round = 0; round < 6; round++) await write();
    await publishedAll();
    await waitFor(() => announced.includes(6));
    expect(announced).toEqual([...new Set(announced)].sort((a, b) => a - b));
  });

  it('is found again by the sweep when nobody was told of the commit', async () => {
    const [{ revision }] = (await query<{ revision: string }>('SELECT revision FROM snapshot_namespaces WHERE namespace = $1', [namespace])) as [{ revision: string }];
    await studio.app.get(DataSource).query('UPDATE snapshot_namespaces SET revision = revision + 1 WHERE namespace = $1', [namespace]);
    await waitFor(() => announced.includes(Number(revision) + 1), { timeoutMs: 20_000 });
  });

  it('is open again after the connection that listens was cut', async () => {
    const before = await query<{ pid: number }>(LISTENERS);
    expect(before).toHaveLength(2);
    for (const { pid } of before) await query('SELECT pg_terminate_backend($1)', [pid]);
    await waitFor(async () => {
      const now = await query<{ pid: number }>(LISTENERS);
      return now.length === 2 && now.every(({ pid }) => !before.some((old) => old.pid === pid));
    });
    const highest = Math.max(...announced);
    await write();
    await waitFor(() => announced.includes(highest + 1), { timeoutMs: 20_000 });
  });

  describe('when a gateway has read something else than what was signed', () => {
    let redis: Redis;
    beforeEach(async () => {
      redis = new Redis(server.url);
      await publishedAll();
    });
    afterEach(async () => {
      redis.disconnect();
      await query('DELETE FROM gateways WHERE namespace = $1', [namespace]);
    });

    const gatewayRefused = (refusal: Refusal): Promise<unknown> =>
      query(`INSERT INTO gateways (name, namespace, public_key, running_version, snapshot_format, last_nack) VALUES ('g', $1, $2, '1', 2, $3)`, [namespace, randomBytes(32), JSON.stringify(refusal)]);

    /** It lies there, which is all that is looked for every few seconds. */
    async function spoiled(): Promise<{ isWhole(): Promise<boolean> }> {
      const [chunk] = await redis.keys(snapshotKeys(namespace).chunk('*').replace(/[{}]/g, '?'));
      const whole = await redis.getBuffer(chunk!);
      await redis.set(chunk!, 'rubbish');
      return { isWhole: async () => (await redis.getBuffer(chunk!))?.equals(whole!) ?? false };
    }
    const rewrittenAt = async (): Promise<string> => {
      const rows = await query<{ at: string }>('SELECT rewritten_at::text AS at FROM snapshot_namespaces WHERE namespace = $1', [namespace]);
      return rows[0]!.at;
    };

    it('is gone again with all of it, by one studio of the two', async () => {
      const { isWhole } = await spoiled();
      await studio.app.get(SnapshotStore).refused(namespace, { code: 'snapshot.badRoot', path: '' });
      await waitFor(isWhole, { timeoutMs: 20_000, message: 'the chunk is what it was' });
      const once = await rewrittenAt();
      // Within this time both have looked.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      expect(await rewrittenAt()).toBe(once);
    });

    it('is gone again with all of it also when the notice went to nobody', async () => {
      await gatewayRefused({ code: 'snapshot.tooLarge', path: '/index' });
      const { isWhole } = await spoiled();
      for (const { pid } of await query<{ pid: number }>(LISTENERS)) await query('SELECT pg_terminate_backend($1)', [pid]);
      await waitFor(isWhole, { timeoutMs: 30_000, message: 'the chunk is what it was' });
    });

    it('leaves as it is what is only more than a gateway takes', async () => {
      const store = studio.app.get(SnapshotStore);
      await gatewayRefused({ code: 'snapshot.tooLarge', path: '/records' });
      expect(await store.damaged()).not.toContain(namespace);
      await gatewayRefused({ code: 'snapshot.tooLarge', path: '/header' });
      expect(await store.damaged()).toContain(namespace);
    });
  });

  it('publishes nothing that was not committed', async () => {
    const highest = Math.max(...announced);
    const answer = await studio.call('POST', '/api/v1/apps', { body: { name: 'app', namespace, owner_id: 999_999 } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    await write();
    await waitFor(() => announced.length > 0 && Math.max(...announced) > highest);
    expect(Math.max(...announced)).toBe(highest + 1);
  });
});
