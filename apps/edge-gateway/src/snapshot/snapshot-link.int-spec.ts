import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@sluice/config-snapshot';
import { SnapshotPublisher, snapshotKeys } from '@sluice/edge-link';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { appRecord, tokenRecord } from '../testing/records';
import { SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import { SnapshotSide } from '../testing/snapshot-side';

const HASH = 'a'.repeat(64);
const app = appRecord({ id: 1 });
const token = tokenRecord({ id: 1, app_id: 1, hash: HASH });

let database: TestRedis;
let redis: Redis;
let publisher: SnapshotPublisher;
let folder: string;
let studio: SampleNamespace;
let gateway: SnapshotSide;

const publish = ({ signed, delta }: SampleRevision) => publisher.publishDelta(signed, delta);
const start = async () => {
  gateway = new SnapshotSide(folder, studio.trust);
  await gateway.startFromDisk();
  await gateway.connect({ redisUrl: database.url });
};
const revisionIs = (revision: number) => waitFor(() => gateway.revision === revision, { timeoutMs: 15_000, message: () => `revision ${revision}; it has ${gateway.revision}` });
const usable = () => gateway.current.get()!.usableToken(HASH, Date.now()) !== undefined;

beforeEach(async () => {
  database = await testRedis();
  redis = new Redis(database.url);
  publisher = new SnapshotPublisher(redis);
  folder = await mkdtemp(join(tmpdir(), 'gw-link-'));
  studio = new SampleNamespace();
});
afterEach(async () => {
  await gateway.close();
  redis.disconnect();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

it('applies what was published before it started and what is published later, and starts again from its disk', async () => {
  await publisher.publishCheckpoint(studio.change([app]));
  await start();
  await revisionIs(1);
  await publish(studio.change([token]));
  await revisionIs(2);
  expect(usable()).toBe(true);
  await publish(studio.change([], [{ kind: 'token', id: '1' }]));
  await revisionIs(3);
  expect(usable()).toBe(false);

  await gateway.close();
  await redis.flushdb();
  await start();
  expect(gateway.current.get()).toMatchObject({ revision: 3, source: 'disk' });
  await publish(studio.change([token]));
  await revisionIs(4);
  expect([usable(), gateway.refusals]).toEqual([true, []]);
});

it('refuses what someone else put into Redis, keeps serving, and takes the next good one', async () => {
  await publisher.publishCheckpoint(studio.change([app, token]));
  await start();
  await revisionIs(1);
  const stranger = new SampleNamespace(generateSigningKey());
  stranger.change([app, token]);
  await publish(stranger.change([], [{ kind: 'token', id: '1' }]));
  await waitFor(() => gateway.refusals.length === 1);
  const genuine = studio.change([appRecord({ id: 2, name: 'Genuine' })]);
  const spoilt = Buffer.from(genuine.delta);
  spoilt[spoilt.indexOf('Genuine')]! ^= 1;
  await publisher.publishDelta(genuine.signed, spoilt);
  await waitFor(() => gateway.refusals.length === 2);
  expect(gateway.refusals).toEqual(['snapshot.unknownKey', 'snapshot.badRoot']);
  expect([gateway.revision, usable()]).toEqual([1, true]);
  await publish(genuine);
  await revisionIs(2);
});

it('takes back nothing when an old pointer is put there again', async () => {
  const { pointer, channel } = snapshotKeys('');
  await publisher.publishCheckpoint(studio.change([app, token]));
  await start();
  await revisionIs(1);
  const old = await redis.hgetall(pointer);
  await publish(studio.change([], [{ kind: 'token', id: '1' }]));
  await revisionIs(2);
  await redis.hset(pointer, old);
  await redis.publish(channel, JSON.stringify({ epoch: 'epoch-1', revision: 9, root: 'x', parent: 8 }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([gateway.revision, usable()]).toEqual([2, false]);
});
