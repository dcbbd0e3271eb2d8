import { once } from 'node:events';
import { signRevocation } from '@sluice/config-snapshot';
import { testRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { OwnRedis } from '../testing/own-redis';
import { sampleApp, SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import { chunksOf } from './checkpoint-chunks';
import { snapshotKeys, type SnapshotKeys } from './snapshot-keys';
import { SnapshotPublisher } from './snapshot-publisher';

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

describe.each(Object.entries(servers))('deltas and checkpoints on %s', (_, open) => {
  let server: Awaited<ReturnType<typeof open>>;
  let redis: Redis;
  let publisher: SnapshotPublisher;
  let studio: SampleNamespace;
  let keys: SnapshotKeys;

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
    studio = new SampleNamespace();
    keys = snapshotKeys(studio.namespace);
  });

  const checkpoint = (revision: SampleRevision, options = {}) => publisher.publishCheckpoint(revision, options);
  const pointer = () => redis.hgetall(keys.pointer);
  const listen = async () => {
    const subscriber = new Redis(server.url);
    await subscriber.subscribe(keys.channel);
    const next = once(subscriber, 'messageBuffer') as Promise<[Buffer, Buffer]>;
    return { next: next.then(([, message]) => message), end: () => subscriber.disconnect() };
  };

  it('keeps a delta, points to its revision, and announces it with the delta inside', async () => {
    const { next, end } = await listen();
    const { signed, delta } = studio.change([sampleApp(1)]);
    expect(await publisher.publishDelta(signed, delta)).toBe('published');
    expect((await redis.getBuffer(keys.delta('epoch-1', null)))!.equals(delta)).toBe(true);
    const { root, created_at } = signed.header;
    expect(await pointer()).toEqual({ epoch: 'epoch-1', revision: '1', root, created_at_ms: String(Date.parse(created_at)) });
    const line = Buffer.from(`${JSON.stringify({ epoch: 'epoch-1', revision: 1, root, parent: null })}\n`);
    expect((await next).equals(Buffer.concat([line, delta]))).toBe(true);
    end();
  });

  it('announces a large delta without its bytes', async () => {
    const { next, end } = await listen();
    const { signed, delta } = studio.change([sampleApp(1, 'x'.repeat(70_000))]);
    await publisher.publishDelta(signed, delta);
    expect((await next).indexOf('\n')).toBe((await next).length - 1);
    end();
  });

  it('announces a revocation', async () => {
    const { next, end } = await listen();
    const signed = signRevocation({ namespace: studio.namespace, epoch: 'epoch-1', revision: 4, token_hashes: ['a'.repeat(64)] }, studio.key.privateKey);
    await publisher.publishRevocation(signed);
    expect(JSON.parse((await next).toString())).toEqual(signed);
    end();
  });

  it('never moves the pointer back, nor keeps the delta of a late publisher', async () => {
    const [one, two, three] = [1, 2, 3].map((id) => studio.change([sampleApp(id)])) as [SampleRevision, SampleRevision, SampleRevision];
    for (const { signed, delta } of [one, three]) await publisher.publishDelta(signed, delta);
    expect(await publisher.publishDelta(two.signed, two.delta)).toBe('superseded');
    expect(await pointer()).toMatchObject({ revision: '3' });
    expect(await redis.exists(keys.delta('epoch-1', 1))).toBe(0);
    expect(await publisher.publishDelta(three.signed, three.delta)).toBe('published');
    expect(await redis.llen(keys.history)).toBe(2);
  });

  it('keeps the newest 1,000 deltas, and 16 MiB of them', async () => {
    const large = 'x'.repeat(6 * 1_048_576);
    for (let id = 1; id <= 4; id++) {
      const { signed, delta } = studio.change([sampleApp(id, large)]);
      await publisher.publishDelta(signed, delta);
    }
    expect((await redis.lrange(keys.history, 0, -1)).map((entry) => entry.split(' ')[1])).toEqual([keys.delta('epoch-1', 2), keys.delta('epoch-1', 3)]);
    expect(await redis.exists(keys.delta('epoch-1', null), keys.delta('epoch-1', 1))).toBe(0);
    await redis.del(keys.history);
    await redis.rpush(keys.history, ...Array.from({ length: 1_200 }, (_, index) => `10 ${keys.delta('epoch-1', 10_000 + index)}`));
    const { signed, delta } = studio.change([sampleApp(9)]);
    await publisher.publishDelta(signed, delta);
    expect(await redis.llen(keys.history)).toBe(1_000);
  });

  it('writes of a checkpoint only what Redis does not have', async () => {
    const one = studio.change([1, 2, 3, 4, 5].map((id) => sampleApp(id)));
    expect(await checkpoint(one)).toBe('published');
    expect(await pointer()).toMatchObject({ revision: '1', checkpoint: '1' });
    for (const { prefix, value } of chunksOf(one.index)) expect((await redis.getBuffer(keys.chunk(value)))!.equals(one.chunk(prefix))).toBe(true);
    const two = studio.change([sampleApp(6)]);
    const asked: number[] = [];
    await publisher.publishCheckpoint({ ...two, chunk: (prefix) => (asked.push(prefix), two.chunk(prefix)) });
    const before = new Set(chunksOf(one.index).map(({ value }) => value));
    expect(asked).toEqual(chunksOf(two.index).filter(({ value }) => !before.has(value)).map(({ prefix }) => prefix));
    expect(await redis.ttl(keys.chunk(chunksOf(two.index)[0]!.value))).toBe(-1);
  });

  it('keeps two checkpoints, and lets chunks expire that neither needs', async () => {
    const all = [1, 1, 1].map((id, round) => studio.change([sampleApp(id, `round ${round}`), sampleApp(50)]));
    for (const revision of all) await checkpoint(revision);
    expect(await redis.lrange(keys.checkpoints, 0, -1)).toEqual([keys.index('epoch-1', 2), keys.index('epoch-1', 3)]);
    const values = all.map((revision) => chunksOf(revision.index).map(({ value }) => value));
    for (const value of values[0]!) {
      const expires = (await redis.ttl(keys.chunk(value))) > 0;
      expect(expires).toBe(!values[1]!.includes(value) && !values[2]!.includes(value));
    }
    expect(await redis.ttl(keys.index('epoch-1', 1))).toBeGreaterThan(0);
    expect(await checkpoint(all[0]!)).toBe('superseded');
  });

  it('knows whether a gateway finds all that it needs, and mends it with one checkpoint', async () => {
    const one = studio.change([1, 2, 3].map((id) => sampleApp(id)));
    expect(await publisher.stands(one.signed.header)).toBe(false);
    await checkpoint(one);
    expect(await publisher.stands(one.signed.header)).toBe(true);
    const two = studio.change([sampleApp(4)]);
    await publisher.publishDelta(two.signed, two.delta);
    expect(await publisher.stands(two.signed.header)).toBe(true);
    await redis.del(keys.delta('epoch-1', 1));
    expect(await publisher.stands(two.signed.header)).toBe(false);
    await checkpoint(two);
    expect(await publisher.stands(two.signed.header)).toBe(true);
    const lost = keys.chunk(chunksOf(two.index)[0]!.value);
    await redis.del(lost);
    expect(await publisher.stands(two.signed.header)).toBe(false);
    await checkpoint(two);
    await redis.set(lost, 'written over');
    await checkpoint(two, { rewrite: true });
    expect((await redis.getBuffer(lost))!.equals(two.chunk(chunksOf(two.index)[0]!.prefix))).toBe(true);
  });

  it('goes to a lower revision of a later epoch, and not back to the earlier epoch', async () => {
    const old = studio.change([sampleApp(1)], [], { revision: 900, createdAt: new Date('2026-01-01T00:00:00Z') });
    await checkpoint(old);
    studio.newEpoch('epoch-2');
    const next = studio.change([sampleApp(2)], [], { revision: 3, createdAt: new Date('2026-01-02T00:00:00Z') });
    expect(await publisher.publishDelta(next.signed, next.delta)).toBe('published');
    expect(await pointer()).not.toHaveProperty('checkpoint');
    expect(await checkpoint(old)).toBe('superseded');
    expect(await publisher.publishDelta(old.signed, old.delta)).toBe('superseded');
    expect(await checkpoint(next)).toBe('published');
    expect(await pointer()).toMatchObject({ epoch: 'epoch-2', revision: '3', checkpoint: '3' });
  });
});
