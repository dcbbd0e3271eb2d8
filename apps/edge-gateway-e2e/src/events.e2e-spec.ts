import { waitFor } from '@sluice/testing';
import { Redis } from 'ioredis';
import { Stack } from './stack/stack';
import type { StudioApi } from './stack/studio-api';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(90_000);

interface SeenEvent {
  topic: string;
  origin: string;
  direction: string;
  payload: string;
}

/** Publishes what it is asked to, and tells what it has heard: on a gateway over HTTP, in the studio over its own RPC. */
const TALKATIVE = `
  seen = [];
  initialize(ctx) {
    const hear = ({ topic, origin, direction, payload }) => void this.seen.push({ topic, origin, direction, payload: payload.toString().slice(0, 200) });
    for (const topic of ['com.example.written.*', 'system.*']) ctx.services.events.subscribe(topic, hear);
  }
  async talk(ctx, { topic, payload, direction, bytes, count = 1 }) {
    const publish = () => ctx.services.events.publish('com.example.written.' + topic, payload ?? 'x'.repeat(bytes), { direction });
    if (topic) await Promise.all(Array.from({ length: count }, publish));
    return this.seen;
  }
  endpoints() { return [{ path: '/*', methods: ['GET', 'POST'] }]; }
  async handleEndpoint(ctx, request) { return JSON.stringify(await this.talk(ctx, JSON.parse(request.body.toString() || '{}'))); }
  handleRpc(ctx, method, payload) { return this.talk(ctx, payload); }
`;

/** Reads no further event while its gate is closed. */
const SLOW = `
  seen = 0;
  dropped = 0;
  gate = Promise.resolve();
  open = () => undefined;
  initialize(ctx) {
    ctx.services.events.subscribe('com.example.written.*', async ({ dropped }) => {
      this.seen += 1;
      this.dropped += dropped;
      await this.gate;
    });
  }
  endpoints() { return [{ path: '/*', methods: ['GET'] }]; }
  handleEndpoint(ctx, { relativePath }) {
    if (relativePath === '/close') this.gate = new Promise((resolve) => { this.open = resolve; });
    if (relativePath === '/open') this.open();
    return JSON.stringify({ seen: this.seen, dropped: this.dropped });
  }
`;

const MANIFEST = {
  capabilities: { hooks: ['custom_endpoint', 'studio_ui'] },
  permissions: { events: { publish: ['com.example.written.*'], subscribe: ['com.example.written.*', 'system.*'] } },
};

let stack: Stack;
let redis: Redis;
let id: number;

beforeAll(async () => {
  stack = await Stack.start();
  redis = new Redis(stack.servers.redisUrl);
  ({ id } = await stack.api.createEcho('talkative', {}, { command: writePlugin(stack.folder, 'talkative', TALKATIVE, MANIFEST) }));
  await waitFor(async () => (await stack.get('/plugins/talkative/x')).status === 200, { timeoutMs: 20_000, message: 'the gateway serves the plugin' });
  // A subscription begins with the first session, and events are not kept for those who come later.
  await untilHeard('up', onGateway, inStudio);
  await untilHeard('down', inStudio, onGateway);
}, 120_000);
afterAll(async () => {
  redis?.disconnect();
  await stack?.close();
});

type Talk = (words: object) => Promise<SeenEvent[]>;

const onGateway: Talk = async (words) => {
  const response = await fetch(`${stack.gatewayUrl}/plugins/talkative/talk`, { method: 'POST', body: JSON.stringify(words) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SeenEvent[];
};
const inStudio: Talk = (words) => stack.api.call('POST', `/api/v1/plugins/${id}/rpc/talk`, words);

async function untilHeard(direction: string, speaker: Talk, hearer: Talk): Promise<void> {
  await waitFor(
    async () => {
      await speaker({ topic: 'ready', payload: `ready ${direction}`, direction });
      return (await hearer({})).some(({ payload }) => payload === `ready ${direction}`);
    },
    { timeoutMs: 30_000, intervalMs: 250, message: `an event that goes ${direction} arrives` },
  );
}

const heard = async (hearer: Talk, topic: string) => (await hearer({})).filter((event) => event.topic === `com.example.written.${topic}`);

describe('events between the halves of a plugin', () => {
  it('go up from the gateway to the studio', async () => {
    await onGateway({ topic: 'up', payload: 'from the gateway', direction: 'up' });
    await waitFor(async () => (await heard(inStudio, 'up')).length > 0, { message: 'the studio half hears it' });
    expect(await heard(inStudio, 'up')).toEqual([{ topic: 'com.example.written.up', origin: `plugin:${id}`, direction: 'up', payload: 'from the gateway' }]);
  });

  it('go down from the studio to the gateway', async () => {
    await inStudio({ topic: 'down', payload: 'from the studio', direction: 'down' });
    await waitFor(async () => (await heard(onGateway, 'down')).length > 0, { message: 'the gateway half hears it' });
    expect(await heard(onGateway, 'down')).toEqual([{ topic: 'com.example.written.down', origin: `plugin:${id}`, direction: 'down', payload: 'from the studio' }]);
  });

  it('stay where they are when they are local, and are not sent back', async () => {
    await onGateway({ topic: 'stay', payload: 'local', direction: 'local' });
    await onGateway({ topic: 'stay', payload: 'down', direction: 'down' });
    await onGateway({ topic: 'stay', payload: 'up', direction: 'up' });
    await waitFor(async () => (await heard(inStudio, 'stay')).length > 0, { message: 'the last one arrives' });
    expect((await heard(inStudio, 'stay')).map(({ payload }) => payload)).toEqual(['up']);
    expect((await heard(onGateway, 'stay')).map(({ payload }) => payload)).toEqual(['local', 'down', 'up']);
  });

  it('have 1 MB at most, and the error says so', async () => {
    await onGateway({ topic: 'large', bytes: 1_048_576, direction: 'up' });
    await waitFor(async () => (await heard(inStudio, 'large')).length === 1, { message: 'the largest event arrives' });
    const refused = await stack.api.send('POST', `/api/v1/plugins/${id}/rpc/talk`, { topic: 'large', bytes: 1_048_577, direction: 'down' });
    expect(await refused.text()).toContain('has 1048577 bytes, and at most 1048576 (1 MB) are allowed');
  });

  it('that somebody wrote into Redis are ignored and counted', async () => {
    const refusals = async () => ({ studio: await studioMetric('sluice_events_refused_total'), gateway: await stack.metric('sluice_events_refused_total') });
    const before = await refusals();
    const forged = Buffer.concat([Buffer.of(1), Buffer.alloc(32), Buffer.from('\0\0\0\x02{}forged')]);
    for (const message of [forged, JSON.stringify({ id: '1', topic: 'com.example.written.forged', direction: 1, origin: 'plugin:1', payload: 'forged' })]) {
      expect(await redis.publish('sluice:events:{default}:up', message)).toBeGreaterThan(0);
      expect(await redis.publish('sluice:events:{default}:down', message)).toBeGreaterThan(0);
    }
    await waitFor(async () => (await refusals()).studio >= before.studio + 2 && (await refusals()).gateway >= before.gateway + 2, { message: 'both count two refusals' });
    expect(JSON.stringify([await inStudio({}), await onGateway({})])).not.toContain('forged');
  });
});

describe('events of the platform', () => {
  const platformEvents = async (hearer: Talk, topic: string) => (await hearer({})).filter((event) => event.topic === topic);

  it('reach plugins in the studio and on gateways once, with nothing in them but ids and names', async () => {
    const { id: appId } = await stack.api.call<{ id: number }>('POST', '/api/v1/apps', { name: 'watched', description: 'd', metadata: { key: 'planted-secret' }, monthly_budget: 1, rate_limit: 1 });
    for (const [hearer, direction] of [[inStudio, 'down'], [onGateway, 'down']] as const) {
      await waitFor(async () => (await platformEvents(hearer, 'system.app.created')).length > 0, { message: 'the event arrives' });
      const [event] = await platformEvents(hearer, 'system.app.created');
      expect(event).toMatchObject({ origin: 'platform', direction });
      expect(JSON.parse(event!.payload)).toEqual({ id: appId, name: 'watched', organization_id: 1 });
      expect(await platformEvents(hearer, 'system.app.created')).toHaveLength(1);
    }
  });

  it('of users and groups stay in the studio', async () => {
    await stack.api.call('POST', '/api/v1/users', { email: 'new@example.com', name: 'New', password: 'planted-password-1' });
    const group = await stack.api.call<{ id: number }>('POST', '/api/v1/groups', { name: 'watchers' });
    await waitFor(async () => (await platformEvents(inStudio, 'system.group.created')).length > 0, { message: 'the group is told of' });
    expect(JSON.parse((await platformEvents(inStudio, 'system.group.created'))[0]!.payload)).toEqual({ id: group.id, name: 'watchers', organization_id: 1 });
    expect(await platformEvents(inStudio, 'system.user.created')).toHaveLength(1);
    // What comes after them in the same line has arrived, so they would have as well.
    await stack.api.call('POST', '/api/v1/apps', { name: 'after', description: 'd', metadata: {}, monthly_budget: 1, rate_limit: 1 });
    await waitFor(async () => (await platformEvents(onGateway, 'system.app.created')).length === 2, { message: 'a later event arrives' });
    expect((await onGateway({})).filter(({ topic }) => /system\.(user|group)/.test(topic))).toEqual([]);
    expect(JSON.stringify([await inStudio({}), await onGateway({})])).not.toMatch(/planted|new@example/);
  });
});

describe('a subscriber that does not read', () => {
  const slow = async (path: string) => (await (await stack.get(`/plugins/slow/${path}`)).json()) as { seen: number; dropped: number };
  const bursts = async () => (await heard(onGateway, 'burst')).length;

  beforeAll(async () => {
    await stack.api.createEcho('slow', {}, { command: writePlugin(stack.folder, 'slow', SLOW, { permissions: MANIFEST.permissions }) });
    await stack.untilServing('slow');
    await waitFor(
      async () => {
        await onGateway({ topic: 'ready', payload: 'slow', direction: 'local' });
        return (await slow('x')).seen > 0;
      },
      { timeoutMs: 30_000, intervalMs: 250, message: 'the slow plugin hears something' },
    );
  });

  it('loses its oldest events, is told how many, and slows nobody', async () => {
    const before = await slow('close');
    for (let published = 100; published <= 3_000; published += 100) {
      await onGateway({ topic: 'burst', bytes: 10_000, direction: 'local', count: 100 });
      await waitFor(async () => (await bursts()) === published, { message: 'a quick subscriber hears all of it' });
    }
    expect((await slow('x')).seen - before.seen).toBeLessThan(2_000);
    const total = async () => {
      const { seen, dropped } = await slow('open');
      return seen - before.seen + dropped - before.dropped;
    };
    await waitFor(async () => (await total()) >= 3_000, { timeoutMs: 20_000, message: 'every event is seen or counted' });
    expect(await total()).toBe(3_000);
    const { dropped } = await slow('x');
    expect(dropped).toBeGreaterThan(0);
    expect(await stack.metric('sluice_plugin_events_dropped_total', { plugin: 'slow' })).toBe(dropped);
  });
});

describe('a second studio process', () => {
  const inSecond: Talk = (words) => second.call('POST', `/api/v1/plugins/${id}/rpc/talk`, words);
  let second: StudioApi;

  beforeAll(async () => {
    second = await stack.startSecondStudio();
    await untilHeard('up', onGateway, inSecond);
  }, 90_000);

  it('hears what goes up as well', async () => {
    await onGateway({ topic: 'both', payload: 'p', direction: 'up' });
    await waitFor(async () => (await heard(inStudio, 'both')).length > 0 && (await heard(inSecond, 'both')).length > 0, { message: 'both hear it' });
  });

  it('tells its plugins what the other one committed, and gateways hear it once', async () => {
    await stack.api.call('POST', '/api/v1/apps', { name: 'of the first', description: 'd', metadata: {}, monthly_budget: 1, rate_limit: 1 });
    await second.call('POST', '/api/v1/apps', { name: 'of the second', description: 'd', metadata: {}, monthly_budget: 1, rate_limit: 1 });
    const names = async (hearer: Talk) => (await hearer({})).filter(({ payload }) => payload.includes('of the')).map(({ payload }) => (JSON.parse(payload) as { name: string }).name);
    for (const hearer of [inStudio, inSecond, onGateway]) {
      await waitFor(async () => (await names(hearer)).includes('of the second'), { message: 'the later event arrives' });
      expect(await names(hearer)).toEqual(['of the first', 'of the second']);
    }
  });
});

async function studioMetric(name: string): Promise<number> {
  const text = await (await fetch(`${stack.studioUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf('}') + 1).trim().split(' ')[0]), 0);
}
