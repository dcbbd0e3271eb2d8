import { once } from 'node:events';
import { Redis } from 'ioredis';
import { OwnRedis } from '../testing/own-redis';
import { SampleStudio } from '../testing/sample-snapshot';
import { snapshotKeys } from './snapshot-keys';
import { SnapshotPublisher } from './snapshot-publisher';
import { testRedis } from '@sluice/testing';

const servers = {
  'a real Redis': async () => {
    const { url, close } = await testRedis();
    return { url, close };
  },
  'the Redis emulation': async () => {
    const own = await OwnRedis.onFreePort('js-redis-server');
    await own.start();
    return { url: own.url, close: () => own.kill() };
  },
};

describe.each(Object.entries(servers))('SnapshotPublisher on %s', (_, open) => {
  let server: Awaited<ReturnType<typeof open>>;
  let redis: Redis;
  let publisher: SnapshotPublisher;
  let studio: SampleStudio;

  beforeAll(async () => {
    server = await open();
    redis = new Redis(server.url);
    publisher = new SnapshotPublisher(redis);
  }, 60_000);
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });
  beforeEach(() => {
    studio = new SampleStudio();
  });

  const publish = (revision: number, options: Parameters<SampleStudio['snapshot']>[1] = {}) => {
    const { header, body } = studio.snapshot(revision, options);
    return publisher.publish(header, body);
  };
  const pointer = async () => {
    const { epoch, revision } = await redis.hgetall(snapshotKeys(studio.namespace).pointer);
    return `${epoch} ${revision}`;
  };
  const bodies = async () => (await redis.keys(snapshotKeys(studio.namespace).body('*', 0).replace('%2A.0', '*').replace('*.0', '*'))).map((key) => key.split(':').at(-1)).sort();

  it('writes the exact bytes, points to them and announces them', async () => {
    const subscriber = new Redis(server.url);
    const keys = snapshotKeys(studio.namespace);
    await subscriber.subscribe(keys.channel);
    const announced = once(subscriber, 'message') as Promise<[string, string]>;
    const { header, body } = studio.snapshot(7);
    expect(await publisher.publish(header, body)).toBe('published');
    const key = keys.body('epoch-1', 7);
    expect((await redis.getBuffer(key))?.equals(body)).toBe(true);
    expect(await redis.hgetall(keys.pointer)).toEqual({ epoch: 'epoch-1', revision: '7', root: header.root, created_at_ms: String(Date.parse(header.created_at)), key });
    expect(JSON.parse((await announced)[1])).toEqual({ epoch: 'epoch-1', revision: 7, root: header.root, key });
    expect(await redis.ttl(key)).toBe(-1);
    subscriber.disconnect();
  });

  it('never moves the pointer back, and does not keep the body of a late publisher', async () => {
    await publish(2);
    await publish(9);
    await publish(10);
    expect(await publish(8)).toBe('superseded');
    expect(await pointer()).toBe('epoch-1 10');
    expect(await bodies()).toEqual(['epoch-1.10', 'epoch-1.2', 'epoch-1.9']);
  });

  it('keeps the newest three bodies', async () => {
    for (const revision of [8, 9, 10, 11, 12]) await publish(revision);
    expect(await bodies()).toEqual(['epoch-1.10', 'epoch-1.11', 'epoch-1.12']);
  });

  it('mends a body that was written over, when the revision is published again', async () => {
    const { header, body } = studio.snapshot(4);
    await publisher.publish(header, body);
    const key = snapshotKeys(studio.namespace).body('epoch-1', 4);
    await redis.set(key, 'overwritten');
    expect(await publisher.publish(header, body)).toBe('published');
    expect((await redis.getBuffer(key))?.equals(body)).toBe(true);
    expect(await bodies()).toEqual(['epoch-1.4']);
  });

  it('keeps a body that late repeats write again, and keeps it for good', async () => {
    await publish(4);
    await publish(5);
    expect(await publish(4)).toBe('superseded');
    expect(await bodies()).toEqual(['epoch-1.4', 'epoch-1.5']);
    expect(await redis.ttl(snapshotKeys(studio.namespace).body('epoch-1', 4))).toBe(-1);
  });

  it('goes to a lower revision of a later epoch, and not back to the earlier epoch', async () => {
    await publish(900, { createdAt: new Date('2026-01-01T00:00:00Z') });
    expect(await publish(3, { epoch: 'epoch-2', createdAt: new Date('2026-01-02T00:00:00Z') })).toBe('published');
    expect(await publish(901, { createdAt: new Date('2026-01-01T12:00:00Z') })).toBe('superseded');
    expect(await pointer()).toBe('epoch-2 3');
  });

  it('ends with the newest when many publish at once', async () => {
    const revisions = Array.from({ length: 30 }, (_, index) => index + 1).sort(() => Math.random() - 0.5);
    await Promise.all(revisions.map((revision) => publish(revision)));
    expect(await pointer()).toBe('epoch-1 30');
    expect((await bodies()).length).toBeLessThanOrEqual(3);
    expect(await bodies()).toContain('epoch-1.30');
  });
});
