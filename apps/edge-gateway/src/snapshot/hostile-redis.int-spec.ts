import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRevocation, generateSigningKey, recordHash, RecordTree, signRevocation } from '@sluice/config-snapshot';
import { SnapshotPublisher, snapshotKeys, type SnapshotKeys } from '@sluice/edge-link';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { appRecord, tokenRecord } from '../testing/records';
import { SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import { SnapshotSide } from '../testing/snapshot-side';

const ATTACKS = 400;

let database: TestRedis;
let redis: Redis;
let folder: string;
let studio: SampleNamespace;
let gateway: SnapshotSide;
let keys: SnapshotKeys;

beforeEach(async () => {
  database = await testRedis();
  redis = new Redis(database.url);
  redis.on('error', () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'gw-hostile-'));
  studio = new SampleNamespace();
  keys = snapshotKeys(studio.namespace);
  gateway = new SnapshotSide(folder, studio.trust);
});
afterEach(async () => {
  await gateway.close();
  redis.disconnect();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const below = (limit: number) => Math.floor(Math.random() * limit);
const one = <T>(choices: readonly T[]): T => choices[below(choices.length)]!;

/** The root of what the gateway answers from, computed from nothing else. */
function rootInForce(): string {
  const { tables } = gateway.current.get()!;
  return RecordTree.of([...tables.names()].map((name) => recordHash(tables.text(name)!))).root();
}

/** Bytes that look like the genuine ones, or do not. */
function spoilt(genuine: Buffer): Buffer {
  const bytes = Buffer.from(genuine);
  const at = below(bytes.length);
  switch (below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    case 2:
      return Buffer.alloc(below(200_000), 0x7b);
    case 3:
      return Buffer.from(bytes.toString('latin1').replace('"is_active":true', '"is_active":false'), 'latin1');
    default:
      bytes[at]! ^= 1 << below(8);
      return bytes;
  }
}

/** Everything that someone may do who can write to Redis and has seen all that was ever published. */
async function attack(seen: readonly SampleRevision[], stranger: SampleNamespace): Promise<void> {
  const revision = one(seen);
  const { epoch, root } = revision.signed.header;
  const number = one([0, 1, revision.signed.header.revision, seen.length, seen.length + 1, 999_999_999]);
  const value = one([revision.delta, revision.index, spoilt(revision.delta), spoilt(revision.index), stranger.change([appRecord({ id: below(50) + 1, name: 'Mallory' })]).delta]);
  const line = JSON.stringify({ epoch: one([epoch, 'epoch-x']), revision: number, root: one([root, 'f'.repeat(64)]), parent: one([null, number - 1, gateway.revision ?? 0]) });
  const forgedNotice = { namespace: '', epoch, revision: 999_999, token_hashes: [one(['a', 'b']).repeat(64)] };
  const actions: (() => Promise<unknown>)[] = [
    () => redis.set(keys.delta(epoch, one([null, number, gateway.revision ?? 0])), value),
    () => redis.set(keys.index(epoch, number), value),
    () => redis.hset(keys.pointer, { epoch: one([epoch, 'epoch-x', '']), revision: number, root: one([root, 'rubbish']), checkpoint: number }),
    () => redis.publish(keys.channel, Buffer.concat([Buffer.from(`${line}\n`), value])),
    () => redis.publish(keys.channel, one([value, Buffer.from(line), Buffer.alloc(0)])),
    () => redis.publish(keys.channel, encodeRevocation(signRevocation(forgedNotice, stranger.key.privateKey))),
    () => redis.del(keys.pointer),
    () => redis.del(keys.pointer).then(() => redis.set(keys.pointer, value)),
    () => redis.del(keys.pointer).then(() => redis.lpush(keys.pointer, 'x')),
    async () => {
      for (const key of (await redis.keys(`${keys.chunk('')}*`)).slice(0, 20)) await redis.set(key, spoilt(revision.chunk(below(256))) as Buffer);
    },
  ];
  // Redis refuses some of it, as when a key holds another kind of value.
  await one(actions)().catch(() => undefined);
}

it(`answers from nothing that the studio did not sign, and never goes back, through ${ATTACKS} attacks; and converges when they end`, async () => {
  const stranger = new SampleNamespace(generateSigningKey());
  const publisher = new SnapshotPublisher(redis);
  const hashes = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
  const seen = [studio.change([...Array.from({ length: 50 }, (_, index) => appRecord({ id: index + 1 })), ...hashes.map((hash, index) => tokenRecord({ id: index + 1, app_id: 1, hash }))])];
  stranger.change([appRecord({ id: 1, name: 'Mallory' })]);
  await publisher.publishCheckpoint(seen[0]!);
  await gateway.startFromDisk();
  await gateway.connect({ redisUrl: database.url });
  await waitFor(() => gateway.revision === 1);

  const rootOf = new Map([[1, seen[0]!.signed.header.root]]);
  const wrong: string[] = [];
  let highest = 1;
  gateway.current.onSwap((state) => {
    if (state.revision < highest) wrong.push(`went back from ${highest} to ${state.revision}`);
    highest = Math.max(highest, state.revision);
    if (rootInForce() !== rootOf.get(state.revision)) wrong.push(`revision ${state.revision} is not what was signed`);
    if (!state.usableToken('c'.repeat(64), 0)) wrong.push('a token is refused that nobody took back');
  });
  for (let round = 0; round < ATTACKS; round++) {
    await attack(seen, stranger);
    if (round % 20 !== 0) continue;
    // In between the studio goes about its work.
    const next = studio.change([appRecord({ id: below(50) + 1, name: `Genuine ${round}` })], round === 100 ? [{ kind: 'token', id: '2' }] : []);
    rootOf.set(next.signed.header.revision, next.signed.header.root);
    seen.push(next);
    await redis.del(keys.pointer);
    await publisher.publishDelta(next.signed, next.delta).catch(() => undefined);
  }
  expect(wrong).toEqual([]);
  expect(gateway.current.get()!.apps.ids().map((id) => gateway.current.get()!.apps.get(id)!.data.name)).not.toContain('Mallory');

  await redis.flushdb();
  await publisher.publishCheckpoint(seen.at(-1)!);
  await waitFor(() => gateway.revision === seen.length, { timeoutMs: 60_000, message: () => `revision ${seen.length}; it has ${gateway.revision}` });
  expect([rootInForce(), wrong]).toEqual([seen.at(-1)!.signed.header.root, []]);
  expect(gateway.current.get()!.usableToken('b'.repeat(64), 0)).toBeUndefined();
}, 120_000);
