import { createPublicKey, randomBytes } from 'node:crypto';
import { keyIdOf, openDelta, openIndex, openRevocation, proveChunk, type SnapshotTrust } from '@sluice/config-snapshot';
import { snapshotKeys } from '@sluice/edge-link';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { TestStudio } from '../../../testing/test-studio';
import { RevisionBuilder } from '../building/revision-builder';
import { SnapshotTrees } from '../building/snapshot-trees';
import { RevisionService } from '../revision.service';
import { SnapshotRedis } from '../snapshot-redis';
import { SnapshotOutbox } from '../storage/outbox';
import { RecordStore } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { beginEpoch } from '../upkeep/begin-epoch';
import { Checkpoints } from './checkpoints';
import { Revocations } from './revocations';
import { RevisionPublisher } from './revision-publisher';

jest.setTimeout(60_000);

const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

describe('publishing revisions', () => {
  let server: TestRedis;
  let redis: Redis;
  let subscriber: Redis;
  let studio: TestStudio;
  let trust: SnapshotTrust;
  let publishers: RevisionPublisher[];
  const connections: SnapshotRedis[] = [];
  const heard: Buffer[] = [];
  /** Channels are shared by all databases of a Redis. */
  const namespace = `publish-${randomBytes(4).toString('hex')}`;
  const keys = snapshotKeys(namespace);

  beforeEach(async () => {
    server = await testRedis();
    redis = new Redis(server.url);
    subscriber = new Redis(server.url);
    // Without a worker: nothing is published here but by the test.
    studio = await TestStudio.start({ environment: { STUDIO_ROLE: 'api', REDIS_URL: server.url, QUEUE_BACKEND: 'postgres' } });
    const key = createPublicKey(studio.config.snapshotSigningKey);
    trust = { publicKeys: new Map([[keyIdOf(key), key]]), namespace };
    publishers = [await publisher(), await publisher()];
    heard.length = 0;
    await studio.app.get(DataSource).transaction((tx) => studio.app.get(RevisionService).ensureNamespace(tx, namespace));
    await subscriber.subscribe(keys.channel);
    subscriber.on('messageBuffer', (_, message: Buffer) => heard.push(message));
  });
  afterEach(async () => {
    await studio?.close();
    for (const connection of connections.splice(0)) connection.onApplicationShutdown();
    subscriber.disconnect();
    redis.disconnect();
    await server.close();
  });

  /** What a worker has, beside the studio of the test. */
  async function publisher(): Promise<RevisionPublisher> {
    const { app, config } = studio;
    const connection = new SnapshotRedis(config, logger);
    connections.push(connection);
    await waitFor(() => !connection.away);
    const [dataSource, revisions, records] = [app.get(DataSource), app.get(RevisionStore), app.get(RecordStore)];
    const checkpoints = new Checkpoints(dataSource, revisions, records, app.get(SnapshotTrees), connection);
    return new RevisionPublisher(dataSource, app.get(RevisionBuilder), app.get(SnapshotOutbox), revisions, checkpoints, new Revocations(records, config), connection, logger);
  }

  const publish = (): Promise<void> => publishers[0]!.publish(namespace, 'revision');
  const newest = async (): Promise<StoredRevision> => (await studio.app.get(RevisionStore).newest(namespace))!;
  async function make(path: string, body: object): Promise<number> {
    const answer = await studio.call('POST', `/api/v1/${path}`, { body: path === 'apps' ? { ...body, namespace } : body });
    expect(answer.status).toBe(201);
    return answer.body.data.id;
  }
  const announcements = (): { revision: number; parent: number | null; root: string }[] => heard.flatMap((message) => (message.includes('"revocation"') ? [] : [JSON.parse(message.toString('utf8').split('\n')[0]!)]));

  /** How many records a gateway gets that starts from the checkpoint. */
  async function recordsOfCheckpoint(): Promise<number> {
    const [epoch, checkpoint] = await redis.hmget(keys.pointer, 'epoch', 'checkpoint');
    const { signed, index } = openIndex((await redis.getBuffer(keys.index(epoch!, Number(checkpoint))))!, trust);
    let count = 0;
    for (let prefix = 0; prefix < 256; prefix++) {
      const node = index.subarray(prefix * 32, prefix * 32 + 32);
      if (node.every((byte) => byte === 0)) continue;
      count += proveChunk((await redis.getBuffer(keys.chunk(node.toString('hex'))))!, prefix, node).count;
    }
    expect(count).toBe(signed.header.records);
    return count;
  }

  it('begins with a checkpoint, and goes on with deltas that travel with their announcement', async () => {
    await make('apps', { name: 'one' });
    await publish();
    expect(await recordsOfCheckpoint()).toBe(1);
    const first = await newest();
    const id = await make('apps', { name: 'two' });
    await publish();
    const second = await newest();
    await waitFor(() => announcements().length === 2);
    expect(announcements().map(({ revision, parent }) => ({ revision, parent }))).toEqual([
      { revision: first.revision, parent: null },
      { revision: second.revision, parent: first.revision },
    ]);
    const inline = heard.at(-1)!.subarray(heard.at(-1)!.indexOf('\n') + 1);
    const [change] = [...openDelta(inline, trust, first).changes()];
    expect(change).toMatchObject({ change: 'upsert', record: { kind: 'app', id: String(id) } });
    expect(heard.at(-1)!.length).toBeLessThan(1_024);
    expect(await redis.getBuffer(keys.delta(second.epoch, first.revision))).toEqual(inline);
    expect(await redis.hmget(keys.pointer, 'epoch', 'revision', 'root', 'checkpoint')).toEqual([second.epoch, String(second.revision), second.root, String(first.revision)]);
    expect(await publishers[0]!.stands(namespace)).toBe(true);
  });

  it('lets the revocation of tokens go ahead of a delta that is too large to travel with its announcement', async () => {
    const owner = await make('users', { email: 'many@example.com', password: 'correct horse battery' });
    for (let index = 0; index < 8; index++) await make('apps', { name: `App ${index}`, owner_id: owner, description: 'x'.repeat(4_000), metadata: { more: 'y'.repeat(4_000), most: 'z'.repeat(4_000) } });
    const app = await make('apps', { name: 'with a token' });
    const token = await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    await publish();
    await waitFor(() => heard.length === 1);
    await studio.call('PATCH', `/api/v1/users/${owner}`, { body: { email: 'other@example.com' } });
    await studio.call('DELETE', `/api/v1/apps/${app}/tokens/${token}`);
    await publish();
    await waitFor(() => heard.length === 3);
    const [{ hash }] = (await studio.app.get(DataSource).query('SELECT hash FROM app_tokens WHERE id = $1', [token])) as [{ hash: string }];
    const { revision, epoch } = await newest();
    expect(openRevocation(heard[1]!, trust)).toEqual({ namespace, epoch, revision, token_hashes: [hash] });
    expect(announcements().at(-1)).toMatchObject({ revision });
    expect(heard[2]!.length).toBeLessThan(512);
    expect((await redis.getBuffer(keys.delta(epoch, announcements()[0]!.revision)))!.length).toBeGreaterThan(65_536);
  });

  it('publishes each revision once and in order, with two workers that are asked at once', async () => {
    await publish();
    for (let round = 0; round < 12; round++) {
      await make('apps', { name: `round ${round}` });
      await Promise.all(publishers.map((one) => one.publish(namespace, 'revision')));
    }
    await waitFor(() => announcements().at(-1)?.revision === 13);
    expect(announcements().map(({ revision }) => revision)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  });

  it('brings several revisions, that nobody published while Redis was away, as a chain', async () => {
    await publish();
    for (const name of ['a', 'b', 'c']) {
      await make('apps', { name });
      await studio.app.get(RevisionBuilder).current(namespace);
    }
    await publish();
    await waitFor(() => announcements().length === 4);
    expect(announcements().map(({ revision, parent }) => [revision, parent])).toEqual([
      [1, null],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });

  it('notices what Redis lost, and puts the whole back', async () => {
    await make('apps', { name: 'a' });
    await publish();
    await make('apps', { name: 'b' });
    await publish();
    const { epoch } = await newest();
    const [chunk] = await redis.keys(keys.chunk('*'));
    const losses: (() => Promise<unknown>)[] = [
      () => redis.flushdb(),
      () => redis.del(keys.pointer),
      () => redis.del(chunk!),
      () => redis.hset(keys.pointer, 'revision', '999999'),
      async () => redis.del(keys.index(epoch, Number(await redis.hget(keys.pointer, 'checkpoint')))),
    ];
    for (const lose of losses) {
      await lose();
      expect(await publishers[1]!.stands(namespace)).toBe(false);
      await publishers[1]!.publish(namespace, 'republish');
      expect(await publishers[1]!.stands(namespace)).toBe(true);
      expect(await recordsOfCheckpoint()).toBe(2);
    }
  });

  it('writes chunks anew that somebody wrote over', async () => {
    await make('apps', { name: 'a' });
    await publish();
    for (const key of await redis.keys(keys.chunk('*'))) await redis.set(key, 'rubbish');
    await publishers[0]!.publish(namespace, 'republish');
    expect(await recordsOfCheckpoint()).toBe(1);
  });

  it('writes anew once what several workers know to be damaged, and not too often', async () => {
    await make('apps', { name: 'a' });
    await publish();
    const spoil = async (): Promise<void> => {
      for (const key of await redis.keys(keys.chunk('*'))) await redis.set(key, 'rubbish');
    };
    const knownAtMs = performance.now();
    await spoil();
    expect(await publishers[0]!.mend(namespace, { knownAtMs, apartMs: 60_000 })).toBe(true);
    expect(await recordsOfCheckpoint()).toBe(1);
    await spoil();
    // What it knew of is mended: that there is new damage, it does not know.
    expect(await publishers[1]!.mend(namespace, { knownAtMs, apartMs: 60_000 })).toBe(true);
    await expect(recordsOfCheckpoint()).rejects.toThrow();
    expect(await publishers[1]!.mend(namespace, { knownAtMs: performance.now(), apartMs: 60_000 })).toBe(false);
    await expect(recordsOfCheckpoint()).rejects.toThrow();
    expect(await publishers[1]!.mend(namespace, { knownAtMs: performance.now(), apartMs: 0 })).toBe(true);
    expect(await recordsOfCheckpoint()).toBe(1);
    await spoil();
    // As after the clock of the database was put back.
    await studio.app.get(DataSource).query(`UPDATE snapshot_namespaces SET rewritten_at = now() + interval '1 hour'`);
    expect(await publishers[1]!.mend(namespace, { knownAtMs, apartMs: 60_000 })).toBe(true);
    expect(await recordsOfCheckpoint()).toBe(1);
  });

  it('renews the checkpoint when it is old, and lets it be when nothing changed', async () => {
    await publish();
    const checkpoint = (): Promise<string | null> => redis.hget(keys.pointer, 'checkpoint');
    const first = await checkpoint();
    await make('apps', { name: 'a' });
    await publish();
    await publishers[0]!.renewCheckpoint(namespace);
    expect(await checkpoint()).toBe(first);
    for (let round = 0; round < 260; round++) await studio.app.get(DataSource).query(`UPDATE snapshot_namespaces SET revision = revision + 1`).then(() => studio.app.get(RevisionBuilder).current(namespace));
    await publish();
    await publishers[0]!.renewCheckpoint(namespace);
    expect(await checkpoint()).toBe(String((await newest()).revision));
    expect(await recordsOfCheckpoint()).toBe(1);
    await publishers[0]!.renewCheckpoint(namespace);
    expect(await redis.llen(keys.checkpoints)).toBe(2);
  });

  it('goes on in another epoch', async () => {
    await make('apps', { name: 'a' });
    await publish();
    const before = await newest();
    const { epoch } = await studio.app.get(DataSource).transaction(beginEpoch);
    await publish();
    expect(await redis.hmget(keys.pointer, 'epoch', 'checkpoint')).toEqual([epoch, String(before.revision + 1)]);
    expect(await recordsOfCheckpoint()).toBe(1);
    await make('apps', { name: 'b' });
    await publish();
    expect(await publishers[0]!.stands(namespace)).toBe(true);
  });
});
