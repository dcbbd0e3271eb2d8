import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, waitFor } from '@sluice/testing';
import { Redis } from 'ioredis';
import { memoryLogger } from '../testing/memory-logger';
import { OwnRedis } from '../testing/own-redis';
import { SampleGateway } from '../testing/sample-gateway';
import { sampleApp, SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import { SnapshotServer } from '../testing/snapshot-server';
import { SnapshotPublisher } from './snapshot-publisher';
import { SnapshotReceiver } from './snapshot-receiver';

describe('SnapshotReceiver, with Redis or the studio away', () => {
  let studio: SampleNamespace;
  let gateway: SampleGateway;
  let redis: OwnRedis;
  let http: SnapshotServer;
  let logger: ReturnType<typeof memoryLogger>;
  let receiver: SnapshotReceiver | undefined;

  beforeEach(async () => {
    studio = new SampleNamespace();
    gateway = new SampleGateway(studio.trust);
    logger = memoryLogger();
    redis = await OwnRedis.onFreePort();
    http = new SnapshotServer();
    await http.start();
  });
  afterEach(async () => {
    await receiver?.close();
    await redis.kill();
    await http.stop();
  });

  const start = (studioUrl: string | undefined) => {
    receiver = new SnapshotReceiver({ redisUrl: redis.url, studioUrl, token: () => 'join', namespace: studio.namespace, logger, consumer: gateway });
    receiver.start();
  };
  const next = () => studio.change([sampleApp(1, `as of ${Math.random()}`)]);
  /** Alone enough for a Redis that has nothing. */
  const publish = async (revision: SampleRevision = next()) => {
    const connection = new Redis(redis.url);
    await new SnapshotPublisher(connection).publishCheckpoint(revision);
    connection.disconnect();
  };
  const reaches = (revision: number, timeoutMs = 15_000) => waitFor(() => gateway.revision === revision, { timeoutMs, message: () => `revision ${revision}; it has ${gateway.revision}` });
  const messages = () => logger.lines.map(({ message }) => message);

  it('starts with both away, says so once for each, and catches up when Redis comes', async () => {
    start(`http://127.0.0.1:${await freePort()}`);
    await sleep(5_000);
    expect(messages().sort()).toEqual(['redis fails; trying on', 'studio fails; trying on']);
    await redis.start();
    await publish();
    await reaches(1);
    await publish();
    await reaches(2, 1_500);
    expect(messages()).toContain('redis works again');
  }, 60_000);

  it('catches up by itself after Redis was killed and came back empty, and hears announcements again', async () => {
    await redis.start();
    await publish();
    start(undefined);
    await reaches(1);
    await redis.kill();
    await sleep(1_000);
    await redis.start();
    await publish();
    await reaches(2);
    await publish();
    await reaches(3, 1_500);
    expect(messages()).toEqual(['redis fails; trying on', 'redis works again']);
  }, 60_000);

  it('goes over to the studio while Redis is away', async () => {
    await redis.start();
    await publish();
    start(http.url);
    await reaches(1);
    await redis.kill();
    http.serve(next());
    // Soon: it does not wait for the time of the next look, which it made out while announcements came.
    await reaches(2, 5_000);
    expect(gateway.outcomes.at(-1)).toMatchObject({ outcome: 'applied', source: 'http' });
  }, 60_000);

  it('hears from a studio that comes back, with Redis away all the time', async () => {
    http.serve(next());
    start(http.url);
    await reaches(1);
    await http.stop();
    await waitFor(() => messages().includes('studio fails; trying on'));
    http.serve(next());
    await http.start();
    await reaches(2);
    expect(messages()).toContain('studio works again');
  }, 60_000);

  it('ends at once when it is closed, whatever it was waiting for', async () => {
    start(`http://127.0.0.1:${await freePort()}`);
    await receiver?.close();
    const before = logger.lines.length;
    await sleep(2_500);
    expect(logger.lines.slice(before)).toEqual([]);
  });
});
