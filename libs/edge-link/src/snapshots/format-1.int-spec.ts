import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { memoryLogger } from '../testing/memory-logger';
import { SampleGateway } from '../testing/sample-gateway';
import { SampleStudio } from '../testing/sample-snapshot';
import { SnapshotServer } from '../testing/snapshot-server';
import { snapshotKeys } from './snapshot-keys';
import { SnapshotReceiver } from './snapshot-receiver';

let server: TestRedis;
let redis: Redis;
let studio: SampleStudio;
let gateway: SampleGateway;
let http: SnapshotServer;
let receiver: SnapshotReceiver | undefined;

beforeAll(async () => {
  server = await testRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});
beforeEach(async () => {
  studio = new SampleStudio();
  gateway = new SampleGateway(studio.trust);
  http = new SnapshotServer();
  await http.start();
});
afterEach(async () => {
  await receiver?.close();
  await http.stop();
});

const start = (options: { redisUrl?: string; studioUrl?: string }) => {
  receiver = new SnapshotReceiver({ ...options, token: () => 'join', namespace: studio.namespace, logger: memoryLogger(), pollIntervalMs: 100, consumer: gateway });
  receiver.start();
};
/** As the version before this one did. */
const publish = async (revision: number, spoil: (body: Buffer) => Buffer = (body) => body) => {
  const { header, body } = studio.snapshot(revision);
  const keys = snapshotKeys(studio.namespace);
  const key = keys.body(header.epoch, revision);
  await redis.set(key, spoil(body));
  await redis.hset(keys.pointer, { epoch: header.epoch, revision, root: header.root, created_at_ms: Date.parse(header.created_at), key });
  await redis.publish(keys.channel, JSON.stringify({ epoch: header.epoch, revision, root: header.root, key }));
};
const reaches = (revision: number) => waitFor(() => gateway.revision === revision, { timeoutMs: 10_000, message: () => `revision ${revision}; it has ${gateway.revision}` });

describe('a studio that is one version older', () => {
  it('is understood over Redis', async () => {
    await publish(1);
    start({ redisUrl: server.url });
    await reaches(1);
    await publish(2);
    await reaches(2);
    expect(gateway.outcomes.map(({ what, outcome }) => `${what} ${outcome}`)).toEqual(['body applied', 'body applied']);
  });

  it('is understood over HTTP, with its ETag', async () => {
    http.serve(studio.snapshot(1));
    start({ studioUrl: http.url });
    await reaches(1);
    http.serve(studio.snapshot(2));
    await reaches(2);
    await waitFor(() => http.requests.at(-1)?.status === 304);
    expect(http.requests.at(-1)?.ifNoneMatch).toBe(`"epoch-1.2.${studio.snapshot(2).header.root}"`);
  });

  it('is asked itself when its body in Redis is bad', async () => {
    await publish(1);
    start({ redisUrl: server.url, studioUrl: http.url });
    await reaches(1);
    http.serve(studio.snapshot(2));
    await publish(2, (body) => body.subarray(0, 100));
    await reaches(2);
    expect(gateway.outcomes.at(-1)).toEqual({ what: 'body', outcome: 'applied', source: 'http' });
  });
});
