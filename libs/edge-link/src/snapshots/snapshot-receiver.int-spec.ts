import { setTimeout as sleep } from 'node:timers/promises';
import { signRevocation } from '@sluice/config-snapshot';
import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { memoryLogger } from '../testing/memory-logger';
import { SampleGateway } from '../testing/sample-gateway';
import { sampleApp, SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import { SnapshotServer } from '../testing/snapshot-server';
import { encodeAnnouncement } from './announcement';
import { snapshotKeys, type SnapshotKeys } from './snapshot-keys';
import { SnapshotPublisher } from './snapshot-publisher';
import { SnapshotReceiver, type SnapshotReceiverOptions } from './snapshot-receiver';

let server: TestRedis;
let redis: Redis;
let publisher: SnapshotPublisher;
let studio: SampleNamespace;
let keys: SnapshotKeys;
let gateway: SampleGateway;
let http: SnapshotServer;
let receiver: SnapshotReceiver | undefined;
const confirmed = jest.fn();

beforeAll(async () => {
  server = await testRedis();
  redis = new Redis(server.url);
  publisher = new SnapshotPublisher(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});
beforeEach(async () => {
  studio = new SampleNamespace();
  keys = snapshotKeys(studio.namespace);
  gateway = new SampleGateway(studio.trust);
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
    token: () => 'join',
    namespace: studio.namespace,
    logger: memoryLogger(),
    consumer: gateway,
    onConfirmed: confirmed,
    ...options,
  });
  receiver.start();
  return receiver;
};
const change = (id: number, name?: string) => studio.change([sampleApp(id, name)]);
const publish = ({ signed, delta }: SampleRevision) => publisher.publishDelta(signed, delta);
/** A checkpoint of these changes together. */
const checkpoint = async (revision: SampleRevision) => {
  await publisher.publishCheckpoint(revision);
  return revision;
};
const reaches = (revision: number, timeoutMs = 10_000) => waitFor(() => gateway.revision === revision, { timeoutMs, message: () => `revision ${revision}; it has ${gateway.revision}` });
const steps = () => gateway.outcomes.map(({ what, outcome, source }) => `${what} ${outcome} ${source}`);

describe('SnapshotReceiver, with a good Redis', () => {
  it('starts from the checkpoint, and takes each change out of its announcement', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 60_000 });
    await reaches(1);
    for (const id of [2, 3, 4]) {
      await publish(change(id));
      await reaches(id, 5_000);
    }
    expect(steps()).toEqual(['checkpoint applied redis', 'delta applied redis', 'delta applied redis', 'delta applied redis']);
    expect(http.requests).toEqual([]);
  });

  it('takes a burst of changes one by one, whether they come in one piece or many', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 60_000 });
    await reaches(1);
    await Promise.all(Array.from({ length: 200 }, (_, index) => publish(change(2, `burst ${index}`))));
    await reaches(201);
    expect(gateway.outcomes.every(({ outcome }) => outcome === 'applied')).toBe(true);
  });

  it('follows the deltas after the checkpoint, and those that it missed', async () => {
    await checkpoint(change(1));
    for (const id of [2, 3]) await publish(change(id));
    start({ pollIntervalMs: 200, studioUrl: undefined });
    await reaches(3);
    const missed = change(4);
    const { epoch, revision, root } = missed.signed.header;
    await redis.set(keys.delta(epoch, 3), missed.delta);
    await redis.hset(keys.pointer, { revision, root });
    await reaches(4);
    expect(steps()).toEqual(['checkpoint applied redis', 'delta applied redis', 'delta applied redis', 'delta applied redis']);
  });

  it('sees a gap at once, and closes it', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 60_000, studioUrl: undefined });
    await reaches(1);
    const [two, three] = [change(2), change(3)];
    await redis.set(keys.delta('epoch-1', 1), two.delta);
    await publish(three);
    await reaches(3, 5_000);
  });

  it('fetches of a newer checkpoint only what differs', async () => {
    await checkpoint(studio.change(Array.from({ length: 50 }, (_, index) => sampleApp(index + 1))));
    start({ pollIntervalMs: 100, studioUrl: undefined });
    await reaches(1);
    const before = gateway.chunks.length;
    change(60);
    await checkpoint(change(61));
    await reaches(3);
    expect(gateway.chunks.length - before).toBeLessThanOrEqual(2);
  });

  it('begins with the first delta of a namespace that had nothing', async () => {
    start({ pollIntervalMs: 60_000, studioUrl: undefined });
    await sleep(300);
    await publish(change(1));
    await reaches(1, 5_000);
  });

  it('fetches a delta that is too large to travel', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 60_000, studioUrl: undefined });
    await reaches(1);
    await publish(change(2, 'x'.repeat(3_000_000)));
    await reaches(2, 5_000);
  });

  it('hears of revoked tokens at once', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 60_000 });
    await reaches(1);
    const hash = 'a'.repeat(64);
    await publisher.publishRevocation(signRevocation({ namespace: studio.namespace, epoch: 'epoch-1', revision: 2, token_hashes: [hash] }, studio.key.privateKey));
    await waitFor(() => gateway.revokedHashes.includes(hash));
  });

  it('goes to a new epoch by its checkpoint', async () => {
    await checkpoint(change(1));
    await publish(change(2));
    start({ pollIntervalMs: 100, studioUrl: undefined });
    await reaches(2);
    studio.newEpoch('epoch-2');
    await checkpoint(change(5));
    await waitFor(() => gateway.applied()?.epoch === 'epoch-2');
    expect(gateway.texts.size).toBe(3);
  });

  it('never takes what Redis says for a sign that nothing is newer', async () => {
    await checkpoint(change(1));
    start({ pollIntervalMs: 50 });
    await reaches(1);
    await sleep(500);
    expect(confirmed).not.toHaveBeenCalled();
    expect(http.requests).toHaveLength(0);
  });
});

describe('SnapshotReceiver, with rubbish in Redis', () => {
  it('gets a change that was spoilt from the studio', async () => {
    http.serve(await checkpoint(change(1)));
    start({ pollIntervalMs: 200 });
    await reaches(1);
    const second = change(2);
    http.serve(second);
    const flipped = Buffer.from(second.delta);
    flipped[flipped.length >> 1]! ^= 1;
    await publisher.publishDelta(second.signed, flipped);
    await reaches(2);
    expect(gateway.outcomes.at(-1)).toEqual({ what: 'delta', outcome: 'applied', source: 'http' });
    const third = change(3);
    http.serve(third);
    await publish(third);
    await reaches(3, 5_000);
  });

  it('gets from the studio what a spoilt checkpoint does not give', async () => {
    const first = await checkpoint(change(1));
    http.serve(first);
    await redis.set(keys.index('epoch-1', 1), 'rubbish');
    start({ pollIntervalMs: 200 });
    await reaches(1);
    expect(steps()).toEqual(['checkpoint refused redis', 'checkpoint applied http']);
  });

  it('does not go back when an old pointer is put there again', async () => {
    await checkpoint(change(1));
    const old = await redis.hgetall(keys.pointer);
    await publish(change(2));
    start({ pollIntervalMs: 100 });
    await reaches(2);
    await redis.hset(keys.pointer, old);
    await redis.publish(keys.channel, JSON.stringify({ epoch: 'epoch-1', revision: 1, root: old['root'], parent: null }));
    await sleep(500);
    expect(gateway.revision).toBe(2);
    expect(http.requests.length).toBeGreaterThan(0);
  });

  it('survives nonsense in every key', async () => {
    await redis.hset(keys.pointer, { epoch: 'x', revision: '9e9', root: '' });
    const subject = start({ pollIntervalMs: 100 });
    await redis.publish(keys.channel, '\u0000');
    await redis.set(keys.pointer, 'a string where a hash should be');
    await redis.publish(keys.channel, '{"epoch":"x","revision":1,"root":"y","parent":null}\nrubbish');
    http.serve(change(5));
    subject.poke();
    await reaches(1);
  });

  it('ends a reply that is longer than anything of ours, and hears on', async () => {
    http.serve(await checkpoint(change(1)));
    start({ pollIntervalMs: 100 });
    await reaches(1);
    await redis.hset(keys.pointer, { revision: 9, root: 'x'.repeat(20_000_000) });
    await sleep(1_000);
    const before = process.memoryUsage().rss;
    await sleep(1_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(20_000_000);
    const second = change(2);
    http.serve(second);
    await reaches(2);
    await redis.del(keys.pointer);
  });

  it('takes an exception for a refusal', async () => {
    await checkpoint(change(1));
    const logger = memoryLogger();
    gateway.checkpoint = () => Promise.reject(new Error('disk full'));
    start({ pollIntervalMs: 60_000, logger });
    await waitFor(() => logger.lines.some(({ level, message }) => level === 'error' && message === 'a snapshot could not be judged'));
  });

  it('does not look for ever for what is announced and is not there', async () => {
    http.serve(await checkpoint(change(1)));
    await redis.hset(keys.pointer, { revision: 999_999 });
    start({ pollIntervalMs: 60_000 });
    await reaches(1);
    for (let round = 0; round < 400; round++) {
      await redis.publish(keys.channel, encodeAnnouncement({ epoch: 'epoch-1', revision: 999_999, root: 'x', parent: 999_998 }, Buffer.alloc(0)));
      await sleep(3);
    }
    expect(http.requests.length).toBeLessThan(250);
  }, 60_000);

  it('leaves a Redis alone that costs more than it is worth, and hears of the studio meanwhile', async () => {
    const first = await checkpoint(change(1));
    http.serve(first);
    const subject = start({ pollIntervalMs: 100 });
    await reaches(1);
    const forged = Buffer.concat([encodeAnnouncement({ epoch: 'epoch-1', revision: 2, root: 'x', parent: 1 }, Buffer.alloc(0)), Buffer.alloc(60_000, 0x41)]);
    const refused = () => gateway.outcomes.filter(({ outcome }) => outcome === 'refused').length;
    for (let round = 0; round < 1_000; round++) await redis.publish(keys.channel, forged);
    const before = refused();
    for (let round = 0; round < 1_000; round++) await redis.publish(keys.channel, forged);
    await sleep(300);
    expect(before).toBeLessThan(1_000);
    expect(refused() - before).toBeLessThan(20);
    const second = change(2);
    http.serve(second);
    // As a heartbeat does that hears of a newer revision.
    subject.poke();
    await reaches(2, 5_000);
  }, 60_000);
});

describe('SnapshotReceiver, with the studio', () => {
  it('asks it when poked, although Redis says that there is nothing new', async () => {
    http.serve(await checkpoint(change(1)));
    const subject = start({ pollIntervalMs: 60_000 });
    await reaches(1);
    const second = change(2);
    http.serve(second);
    subject.poke();
    await reaches(2, 5_000);
    subject.poke();
    await waitFor(() => http.requests.at(-1)?.status === 304);
    expect(http.requests.at(-1)?.ifNoneMatch).toBe(`"epoch-1.2.${second.signed.header.root}"`);
    expect(steps().slice(1)).toEqual(['delta applied http']);
    expect(confirmed).toHaveBeenCalled();
  });

  it('lives on HTTP alone', async () => {
    start({ redisUrl: undefined });
    await waitFor(() => http.requests.length > 0);
    http.serve(change(1));
    await reaches(1);
    http.serve(change(2));
    await reaches(2);
    expect(http.requests[0]).toMatchObject({ url: `/edge/v1/snapshots/${studio.namespace}`, authorization: 'Bearer join', status: 404 });
    expect(steps()).toEqual(['checkpoint applied http', 'delta applied http']);
  });

  it('takes chunks when the studio does not have the deltas any more', async () => {
    http.hasDeltas = false;
    http.serve(studio.change(Array.from({ length: 20 }, (_, index) => sampleApp(index + 1))));
    start({ redisUrl: undefined, pollIntervalMs: 100 });
    await reaches(1);
    const before = gateway.chunks.length;
    http.serve(change(50));
    await reaches(2);
    expect(gateway.chunks.length - before).toBe(1);
  });

  it('waits with the studio where there is no Redis', async () => {
    http.waits = true;
    http.serve(change(1));
    const subject = start({ redisUrl: undefined, pollIntervalMs: 60_000 });
    await reaches(1);
    await waitFor(() => http.requests.at(-1)?.prefer === 'wait=50');
    const asked = http.requests.length;
    await sleep(500);
    expect(http.requests).toHaveLength(asked);
    http.serve(change(2));
    await reaches(2, 5_000);
    await waitFor(() => http.requests.length > asked + 1);
    subject.poke();
    await waitFor(() => http.requests.length > asked + 2);
  });

  it('does not judge the same bad bytes on every poll of the studio', async () => {
    const good = change(1);
    http.serve({ header: good.signed.header, body: good.index.subarray(1) });
    start({ redisUrl: undefined, pollIntervalMs: 50 });
    await waitFor(() => http.requests.length >= 5);
    expect(gateway.outcomes).toHaveLength(1);
    http.serve(change(2));
    await reaches(2);
  });
});
