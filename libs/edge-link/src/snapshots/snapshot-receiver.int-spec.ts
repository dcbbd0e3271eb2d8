import { setTimeout as sleep } from 'node:timers/promises';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { memoryLogger } from '../testing/memory-logger';
import { SampleGateway, SampleStudio } from '../testing/sample-snapshot';
import { SnapshotServer } from '../testing/snapshot-server';
import { snapshotKeys } from './snapshot-keys';
import { SnapshotPublisher } from './snapshot-publisher';
import { SnapshotReceiver, type SnapshotReceiverOptions } from './snapshot-receiver';

let server: TestRedis;
let redis: Redis;
let publisher: SnapshotPublisher;

beforeAll(async () => {
  server = await testRedis();
  redis = new Redis(server.url);
  publisher = new SnapshotPublisher(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

describe('SnapshotReceiver', () => {
  let studio: SampleStudio;
  let gateway: SampleGateway;
  let http: SnapshotServer;
  let receiver: SnapshotReceiver | undefined;
  const confirmed = jest.fn();

  beforeEach(async () => {
    studio = new SampleStudio();
    gateway = new SampleGateway(studio);
    http = new SnapshotServer();
    confirmed.mockClear();
    await http.start();
  });
  afterEach(async () => {
    await receiver?.close();
    await http.stop();
  });

  const start = (options: Partial<SnapshotReceiverOptions> = {}) => {
    receiver = new SnapshotReceiver({
      redisUrl: server.url,
      studioUrl: http.url,
      joinToken: 'join',
      namespace: studio.namespace,
      logger: memoryLogger(),
      onBody: gateway.onBody,
      onConfirmed: confirmed,
      ...options,
    });
    receiver.start();
    return receiver;
  };
  const publish = (revision: number) => {
    const { header, body } = studio.snapshot(revision);
    return publisher.publish(header, body);
  };
  const reaches = (revision: number, timeoutMs = 10_000) => waitFor(() => gateway.revision === revision, { timeoutMs, message: () => `revision ${revision}; it has ${gateway.revision}` });

  it('gets what is there at the start, and what is announced within a second', async () => {
    await publish(1);
    start({ pollIntervalMs: 60_000 });
    await reaches(1);
    for (const revision of [2, 3, 4]) {
      await publish(revision);
      await reaches(revision, 5_000);
    }
    expect(gateway.outcomes.every(({ source, outcome }) => source === 'redis' && outcome === 'applied')).toBe(true);
  });

  it('hears the first announcement of a namespace that had nothing', async () => {
    start({ pollIntervalMs: 60_000, studioUrl: undefined });
    await sleep(300);
    await publish(1);
    await reaches(1, 5_000);
  });

  it('fetches once, and not each, what was announced while a body was judged', async () => {
    await publish(1);
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let busy = 0;
    let most = 0;
    start({
      pollIntervalMs: 60_000,
      onBody: async (body, source) => {
        most = Math.max(most, ++busy);
        await released;
        busy--;
        return gateway.onBody(body, source);
      },
    });
    await waitFor(() => busy === 1);
    for (let revision = 2; revision <= 40; revision++) await publish(revision);
    await sleep(500);
    release();
    await reaches(40);
    expect([most, gateway.outcomes.length]).toEqual([1, 2]);
  });

  it('finds what was never announced by comparing the pointer', async () => {
    await publish(1);
    start({ pollIntervalMs: 200, studioUrl: undefined });
    await reaches(1);
    const { header, body } = studio.snapshot(2);
    const keys = snapshotKeys(studio.namespace);
    await redis.set(keys.body('epoch-1', 2), body);
    await redis.hset(keys.pointer, { epoch: 'epoch-1', revision: 2, root: header.root });
    await reaches(2);
  });

  it('does not fetch again what it has', async () => {
    await publish(1);
    start({ pollIntervalMs: 50 });
    await reaches(1);
    await waitFor(() => confirmed.mock.calls.length >= 3);
    expect(gateway.outcomes).toHaveLength(1);
    expect(http.requests).toHaveLength(0);
  });

  it('refuses a body that was changed in Redis and gets the good one from the studio', async () => {
    await publish(1);
    start({ pollIntervalMs: 200 });
    await reaches(1);
    const second = studio.snapshot(2);
    http.serve(second);
    const flipped = Buffer.from(second.body);
    flipped[flipped.length >> 1]! ^= 1;
    await publisher.publish(second.header, flipped);
    await reaches(2);
    expect(gateway.outcomes).toEqual([
      { outcome: 'applied', source: 'redis' },
      { outcome: 'refused', source: 'redis' },
      { outcome: 'applied', source: 'http' },
    ]);
    await publish(3);
    await reaches(3, 5_000);
  });

  it('keeps what it has while neither has a good body, and takes it as soon as it was written anew', async () => {
    await publish(1);
    start({ pollIntervalMs: 100, studioUrl: undefined });
    await reaches(1);
    const { header, body } = studio.snapshot(2);
    await publisher.publish(header, body.subarray(0, 100));
    await waitFor(() => gateway.outcomes.at(-1)?.outcome === 'refused');
    await sleep(500);
    expect(gateway.outcomes).toHaveLength(2);
    expect(gateway.revision).toBe(1);
    await publisher.publish(header, body);
    await reaches(2, 5_000);
  });

  it('is not led away from a revision by an old body under its name', async () => {
    const first = studio.snapshot(1);
    await publisher.publish(first.header, first.body);
    start({ pollIntervalMs: 200 });
    await reaches(1);
    const second = studio.snapshot(2);
    http.serve(second);
    await publisher.publish(second.header, first.body);
    await reaches(2);
    expect(gateway.outcomes.map(({ source }) => source)).toEqual(['redis', 'redis', 'http']);
  });

  it('does not go back when an old pointer is replayed', async () => {
    await publish(1);
    await publish(2);
    start({ pollIntervalMs: 100 });
    await reaches(2);
    const { header } = studio.snapshot(1);
    const keys = snapshotKeys(studio.namespace);
    await redis.hset(keys.pointer, { revision: 1, root: header.root });
    await redis.publish(keys.channel, '{}');
    await waitFor(() => gateway.outcomes.some(({ outcome }) => outcome === 'refused'));
    expect(gateway.revision).toBe(2);
  });

  it('survives nonsense in every key', async () => {
    const keys = snapshotKeys(studio.namespace);
    await redis.hset(keys.pointer, { epoch: 'x', revision: '9e9', root: '' });
    const subject = start({ pollIntervalMs: 100 });
    await redis.publish(keys.channel, '\u0000');
    await redis.set(keys.pointer, 'a string where a hash should be');
    http.serve(studio.snapshot(5));
    subject.poke();
    await reaches(5);
  });

  it('asks the studio when poked, although Redis says that there is nothing new', async () => {
    await publish(1);
    const subject = start({ pollIntervalMs: 60_000 });
    await reaches(1);
    http.serve(studio.snapshot(2));
    subject.poke();
    await reaches(2, 5_000);
    subject.poke();
    await waitFor(() => http.requests.at(-1)?.status === 304);
    expect(http.requests.at(-1)?.ifNoneMatch).toBe(`"epoch-1.2.${studio.snapshot(2).header.root}"`);
    expect(gateway.outcomes.filter(({ source }) => source === 'http')).toHaveLength(1);
  });

  it('lives on HTTP alone', async () => {
    start({ redisUrl: undefined });
    await waitFor(() => http.requests.length > 0);
    http.serve(studio.snapshot(1));
    await reaches(1);
    http.serve(studio.snapshot(2));
    await reaches(2);
    expect(http.requests[0]).toMatchObject({ url: `/edge/v1/snapshots/${studio.namespace}`, authorization: 'Bearer join', status: 404 });
  });

  it('does not judge the same bad body on every poll of the studio', async () => {
    const good = studio.snapshot(1);
    http.serve({ header: good.header, body: good.body.subarray(1) });
    start({ redisUrl: undefined, pollIntervalMs: 50 });
    await waitFor(() => http.requests.length >= 5);
    expect(gateway.outcomes).toEqual([{ outcome: 'refused', source: 'http' }]);
    http.serve(studio.snapshot(2));
    await reaches(2);
  });

  it('takes an exception for a refusal', async () => {
    await publish(1);
    const logger = memoryLogger();
    start({ pollIntervalMs: 60_000, logger, onBody: () => Promise.reject(new Error('disk full')) });
    await waitFor(() => logger.lines.some(({ level, message }) => level === 'error' && message === 'a snapshot could not be judged'));
  });
});
