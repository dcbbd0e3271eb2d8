import 'reflect-metadata';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSnapshot, generateSigningKey, type SigningKey, type SnapshotRecord } from '@sluice/config-snapshot';
import { SnapshotPublisher, snapshotKeys } from '@sluice/edge-link';
import { FakeClock, systemClock } from '@sluice/kernel';
import { testRedis, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { appRecord, signedSnapshot, tokenRecord } from '../testing/records';
import { CurrentState } from './current-state';
import { Freshness } from './freshness';
import { loadIdentityKey } from './identity-key';
import { SnapshotApplier } from './snapshot-applier';
import { SnapshotLink } from './snapshot-link';
import { SnapshotStore } from './snapshot-store';
import { StudioReports } from './studio-reports';

const key = generateSigningKey();
const HASH = 'a'.repeat(64);
const app = appRecord({ id: 1 });
const token = tokenRecord({ id: 1, app_id: 1, hash: HASH });

let database: TestRedis;
let redis: Redis;
let publisher: SnapshotPublisher;
let folder: string;
let current: CurrentState;
let link: SnapshotLink | undefined;
let refusals: string[];

const publish = async (revision: number, records: SnapshotRecord[], signer: SigningKey = key, spoil: (body: Buffer) => void = () => undefined) => {
  const snapshot = signedSnapshot(records, revision, signer);
  const body = encodeSnapshot(snapshot);
  spoil(body);
  await publisher.publish(snapshot.header, body);
};

const start = async () => {
  current = new CurrentState();
  const store = new SnapshotStore(join(folder, 'state'), systemClock);
  const reports = new StudioReports(current, { statuses: () => [] }, { refused: (code) => void refusals.push(code) }, new FakeClock());
  const logger = pino({ level: 'silent' });
  const keys = { publicKeys: new Map([[key.keyId, key.publicKey]]), namespace: '', secretKey: Buffer.alloc(32) };
  const applier = new SnapshotApplier(keys, current, { apply: () => undefined }, store, reports, systemClock, logger);
  const options = { redisUrl: database.url, joinToken: '', name: 'gw-1', namespace: '', version: '0' };
  link = new SnapshotLink(options, await loadIdentityKey(folder), applier, current, new Freshness(current, systemClock), reports, logger);
  await applier.startFromDisk();
  link.start();
};

const until = async (condition: () => boolean | Promise<boolean>) => {
  for (const deadline = Date.now() + 15_000; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error('It did not happen within 15 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const revisionIs = (revision: number) => until(() => current.get()?.revision === revision);

beforeEach(async () => {
  database = await testRedis();
  redis = new Redis(database.url);
  publisher = new SnapshotPublisher(redis);
  folder = await mkdtemp(join(tmpdir(), 'gw-link-'));
  refusals = [];
});
afterEach(async () => {
  await link?.close();
  redis.disconnect();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

it('applies what was published before it started and what is published later, and keeps it on disk', async () => {
  await publish(1, [app]);
  await start();
  await revisionIs(1);
  await publish(2, [app, token]);
  await revisionIs(2);
  expect(current.get()!.usableToken(HASH, Date.now())).toBeDefined();
  await publish(3, [app]);
  await revisionIs(3);
  expect(current.get()!.usableToken(HASH, Date.now())).toBeUndefined();
  await until(async () => (await readFile(join(folder, 'state/snapshot.json'), 'utf8').catch(() => '')).includes('"revision":3'));
  await access(join(folder, 'state/snapshot.previous.json'));
});

it('starts from disk and goes on from there', async () => {
  await publish(1, [app]);
  await start();
  await revisionIs(1);
  await until(() => readFile(join(folder, 'state/snapshot.json')).then(() => true, () => false));
  await link!.close();
  await start();
  expect(current.get()).toMatchObject({ revision: 1, source: 'disk' });
  await publish(2, [app]);
  await revisionIs(2);
  expect(refusals).toEqual([]);
});

it('refuses what someone else put into Redis, keeps serving, and takes the next good one', async () => {
  await publish(1, [app, token]);
  await start();
  await revisionIs(1);
  await publish(2, [app], generateSigningKey());
  await until(() => refusals.length === 1);
  await publish(3, [app], key, (body) => void (body[body.indexOf('Shop')]! ^= 1));
  await until(() => refusals.length === 2);
  expect(refusals).toEqual(['snapshot.unknownKey', 'snapshot.badRoot']);
  expect(current.get()!.revision).toBe(1);
  await publish(4, [app]);
  await revisionIs(4);
});

it('refuses an old snapshot that is played back', async () => {
  const { pointer, channel } = snapshotKeys('');
  await publish(1, [app, token]);
  await start();
  await revisionIs(1);
  const old = await redis.hgetall(pointer);
  await publish(2, [app]);
  await revisionIs(2);
  await redis.hset(pointer, old);
  await redis.publish(channel, '{}');
  await until(() => refusals.length === 1);
  expect(refusals).toEqual(['snapshot.staleRevision']);
  expect(current.get()!.usableToken(HASH, Date.now())).toBeUndefined();
});
