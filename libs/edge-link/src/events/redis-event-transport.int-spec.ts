import { testRedis, waitFor, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { memoryLogger } from '../testing/memory-logger';
import { OwnRedis, redisIsInstalled } from '../testing/own-redis';
import { recordedCounts } from '../testing/recorded-counts';
import { eventChannel } from './event-channels';
import { DOWN, type LinkedEvent, UP } from './linked-event';
import { type EventEnd, RedisEventTransport } from './redis-event-transport';
import { sealEvent } from './sealed-event';

jest.setTimeout(60_000);

const key = Buffer.alloc(32, 7);
const STUDIO: EventEnd = { plane: 'studio' };
const gatewayOf = (namespace: string): EventEnd => ({ plane: 'gateway', namespace });

/** Transports of one test, closed at its end. */
const open: RedisEventTransport[] = [];
let shared: TestRedis;

beforeAll(async () => {
  shared = await testRedis();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});
afterAll(() => shared?.close());

/** Channels are common to all databases of a Redis, so what other tests send may be refused here: only own events are looked at. */
function transport(end: EventEnd, redisUrl: string, name = 'test') {
  const counts = recordedCounts();
  const heard: LinkedEvent[] = [];
  const line = new RedisEventTransport({ redisUrl, key, end, name, logger: memoryLogger(), counts });
  line.onReceive((event) => heard.push(event));
  line.start();
  open.push(line);
  return { line, counts, heard, ids: () => heard.map(({ id }) => id) };
}

const event = (id: string, direction: number, more: Partial<LinkedEvent> = {}): LinkedEvent => ({ id, topic: 'echo.a', origin: 'plugin:7', direction, payload: Buffer.from(id), ...more });

async function listening(...lines: { line: RedisEventTransport }[]): Promise<void> {
  await waitFor(() => lines.every(({ line }) => line.listening), { message: 'every end listens' });
}

describe('events between studio and gateways', () => {
  it('go up to every studio process, whatever the namespace, and come as they were sent', async () => {
    const [one, two] = [transport(STUDIO, shared.url), transport(STUDIO, shared.url)];
    const [eu, all] = [transport(gatewayOf('eu'), shared.url), transport(gatewayOf(''), shared.url)];
    await listening(one, two, eu, all);
    const payload = Buffer.from([0, 1, 254, 255]);
    eu.line.send(event('from eu', UP, { payload }));
    all.line.send(event('from all', UP));
    for (const studio of [one, two]) {
      await waitFor(() => studio.heard.length === 2, { message: 'a studio hears both' });
      expect(studio.heard).toContainEqual({ id: 'from eu', topic: 'echo.a', origin: 'plugin:7', direction: UP, payload });
      expect(studio.ids().sort()).toEqual(['from all', 'from eu']);
    }
    expect([eu.heard, all.heard]).toEqual([[], []]);
  });

  it('go down to the gateways that they are for', async () => {
    const studio = transport(STUDIO, shared.url);
    const [eu, us, none] = [transport(gatewayOf('eu'), shared.url), transport(gatewayOf('us'), shared.url), transport(gatewayOf(''), shared.url)];
    await listening(studio, eu, us, none);
    studio.line.send(event('eu', DOWN, { namespaces: ['eu'] }));
    studio.line.send(event('both', DOWN, { namespaces: ['eu', 'us', 'eu'] }));
    studio.line.send(event('all', DOWN, { namespaces: ['eu', ''] }));
    studio.line.send(event('all too', DOWN));
    await waitFor(() => [eu, us, none].every(({ heard }) => heard.some(({ id }) => id === 'all too')), { message: 'all gateways hear the last' });
    expect(eu.ids()).toEqual(['eu', 'both', 'all', 'all too']);
    expect(us.ids()).toEqual(['both', 'all', 'all too']);
    expect(none.ids()).toEqual(['all', 'all too']);
    expect(studio.heard).toEqual([]);
  });

  it('keep their order, ten thousand of them', async () => {
    const [studio, gateway] = [transport(STUDIO, shared.url), transport(gatewayOf('eu'), shared.url)];
    await listening(studio, gateway);
    const sent: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      for (let n = 0; n < 500; n += 1) {
        sent.push(`${round}.${n}`);
        gateway.line.send(event(`${round}.${n}`, UP));
      }
      await waitFor(() => studio.heard.length === sent.length, { message: 'a round arrives' });
    }
    expect(studio.ids()).toEqual(sent);
    expect(gateway.counts.unsentEvents).toBe(0);
  });

  it('that two studios tell with one id arrive once', async () => {
    const [one, two, gateway] = [transport(STUDIO, shared.url), transport(STUDIO, shared.url), transport(gatewayOf('eu'), shared.url)];
    await listening(one, two, gateway);
    one.line.send(event('same', DOWN));
    two.line.send(event('same', DOWN));
    await waitFor(() => gateway.counts.refusals.includes('duplicate'), { message: 'the second one is refused' });
    expect(gateway.ids()).toEqual(['same']);
  });

  it('cannot be forged, moved or repeated by somebody who can write to Redis', async () => {
    const [studio, gateway] = [transport(STUDIO, shared.url), transport(gatewayOf('eu'), shared.url)];
    await listening(studio, gateway);
    const redis = new Redis(shared.url);
    const recorded: Buffer[] = [];
    const spy = new Redis(shared.url);
    try {
      spy.on('messageBuffer', (_channel, message: Buffer) => recorded.push(message));
      await spy.subscribe(eventChannel('eu', UP));
      gateway.line.send(event('genuine', UP));
      await waitFor(() => recorded.length > 0 && studio.heard.length > 0, { message: 'an event is recorded' });
      const forged = sealEvent({ event: event('forged', UP), namespace: 'eu', from: 'x', sentAt: Date.now() }, Buffer.alloc(32, 8));
      await redis.publish(eventChannel('eu', UP), forged);
      await redis.publish(eventChannel('eu', UP), JSON.stringify(event('plain', UP)));
      await redis.publish(eventChannel('eu', UP), recorded[0]!);
      await redis.publish(eventChannel('us', UP), recorded[0]!);
      await redis.publish(eventChannel('eu', DOWN), recorded[0]!);
      await waitFor(() => ['signature', 'malformed', 'duplicate', 'misdirected'].every((reason) => studio.counts.refusals.includes(reason as 'signature')), { message: 'all are refused by the studio' });
      await waitFor(() => gateway.counts.refusals.includes('misdirected'), { message: 'the gateway refuses what came back down' });
      expect(studio.ids()).toEqual(['genuine']);
      expect(gateway.heard).toEqual([]);
      // A studio that has just started cannot know what was delivered before.
      const late = transport(STUDIO, shared.url);
      await listening(late);
      await redis.publish(eventChannel('eu', UP), recorded[0]!);
      await waitFor(() => late.counts.refusals.includes('stale'), { message: 'the new studio refuses it' });
      expect(late.heard).toEqual([]);
    } finally {
      redis.disconnect();
      spy.disconnect();
    }
  });
});

describe.each([['the installed Redis', undefined], ['the emulated Redis', 'js-redis-server']] as const)('while %s is away', (_, program) => {
  let redis: OwnRedis;

  beforeEach(async () => {
    redis = await OwnRedis.onFreePort(program);
  });
  afterEach(() => redis.kill());

  it('the newest wait, the oldest are lost and counted, and no send waits', async () => {
    const [studio, gateway] = [transport(STUDIO, redis.url), transport(gatewayOf('eu'), redis.url)];
    const before = performance.now();
    for (let id = 0; id < 1_200; id += 1) gateway.line.send(event(String(id), UP));
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(gateway.counts.unsentEvents).toBe(200);
    await redis.start();
    await waitFor(() => gateway.counts.sentEvents === 1_000, { timeoutMs: 20_000, message: 'what waited is sent' });
    // What was sent before the studio listened is lost to it, as with every publication.
    await listening(studio);
    gateway.line.send(event('last', UP));
    await waitFor(() => studio.ids().includes('last'), { timeoutMs: 20_000, message: 'the last event arrives' });
  });

  it('and back again, both ends find each other', async () => {
    await redis.start();
    const [studio, gateway] = [transport(STUDIO, redis.url), transport(gatewayOf('eu'), redis.url)];
    await listening(studio, gateway);
    await redis.kill();
    await waitFor(() => !studio.line.listening && !gateway.line.listening, { message: 'both notice' });
    gateway.line.send(event('meanwhile', UP));
    await redis.start();
    await listening(studio, gateway);
    gateway.line.send(event('up', UP));
    studio.line.send(event('down', DOWN));
    await waitFor(() => studio.ids().includes('up') && gateway.ids().includes('down'), { timeoutMs: 20_000, message: 'events arrive again' });
    expect(studio.ids().filter((id) => id !== 'meanwhile')).toEqual(['up']);
    expect(gateway.counts.sentEvents).toBe(2);
  });
});

// The emulation knows no access control.
(redisIsInstalled() ? describe : describe.skip)('a Redis that forbids the channels', () => {
  it('is asked again now and then, and used as soon as it allows them', async () => {
    const own = await OwnRedis.onFreePort('redis-server');
    await own.start();
    const redis = new Redis(own.url);
    try {
      await redis.call('ACL', 'SETUSER', 'default', 'resetchannels');
      const [studio, gateway] = [transport(STUDIO, own.url), transport(gatewayOf('eu'), own.url)];
      gateway.line.send(event('waits', UP));
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect([studio.line.listening, gateway.counts.sentEvents]).toEqual([false, 0]);
      // It was not asked over ever new connections: this test, its wait for the start, and four of the two ends.
      expect(Number(/total_connections_received:(\d+)/.exec(await redis.info('stats'))?.[1])).toBeLessThan(10);
      await redis.call('ACL', 'SETUSER', 'default', 'allchannels');
      await listening(studio, gateway);
      await waitFor(() => gateway.counts.sentEvents === 1, { message: 'what waited is sent' });
      expect(gateway.counts.unsentEvents).toBe(0);
    } finally {
      redis.disconnect();
      await own.kill();
    }
  });
});
