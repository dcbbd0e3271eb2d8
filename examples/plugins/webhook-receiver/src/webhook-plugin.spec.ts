import { createHmac } from 'node:crypto';
import { type Context, type EdgePayload, type EndpointRequest, PluginConfig } from '@sluice/plugin-sdk';
import { WebhookPlugin } from './webhook-plugin';

const SECRET = 'a secret of the sender';
const NOW = 1_800_000_000_000;

/** A host with storage, a queue and events that remember. */
function fakeHost() {
  const kv = new Map<string, string>();
  const queued: { payload: string; correlationId?: string | undefined; metadata?: Record<string, string> | undefined }[] = [];
  const published: [string, string][] = [];
  const host = { kv, queued, published, queueFails: false };
  const services = {
    kv: {
      get: async (key: string) => kv.get(key),
      set: async (key: string, value: string) => void kv.set(key, value),
      compareAndSet: async (key: string, _expected: undefined, value: string) => ({ swapped: !kv.has(key) && Boolean(kv.set(key, value)) }),
    },
    control: {
      send: async (payload: Buffer, options: object) => {
        if (host.queueFails) throw new Error('The queue is full.');
        return queued.push({ payload: payload.toString(), ...options });
      },
    },
    events: { publish: async (topic: string, payload: Buffer) => void published.push([topic, payload.toString()]) },
    logger: { info: () => undefined, error: () => undefined },
  };
  return Object.assign(host, { ctx: { services } as unknown as Context });
}

async function started(config: Record<string, string> = {}) {
  const plugin = new WebhookPlugin(() => NOW);
  plugin.initialize({} as Context, new PluginConfig({ webhook_secret: SECRET, ...config }));
  return plugin;
}

function webhook(text: string, path = ['payment'], signature = createHmac('sha256', SECRET).update(text).digest('hex')): EndpointRequest {
  const headers = { 'X-Webhook-Signature': signature, 'Content-Type': 'application/json' };
  return { method: 'POST', pathSegments: path, headers, body: Buffer.from(text) } as unknown as EndpointRequest;
}

const payloadOf = (id: string, metadata: Record<string, string>) => ({ payload: Buffer.from('{}'), correlationId: id, metadata, edgeId: 'edge-1' }) as unknown as EdgePayload;

describe('a webhook on a gateway', () => {
  it('is queued for the studio as it came, with its event', async () => {
    const host = fakeHost();
    const answer = await (await started()).handleEndpoint(host.ctx, webhook('{"a": 1}'));
    expect(answer).toMatchObject({ status: 202 });
    expect(host.queued).toEqual([
      { payload: '{"a": 1}', correlationId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, metadata: { event: 'payment', content_type: 'application/json' } },
    ]);
  });

  it('is queued once however often it is sent, on whatever path', async () => {
    const host = fakeHost();
    const plugin = await started();
    await plugin.handleEndpoint(host.ctx, webhook('{}'));
    const repeated = [webhook('{}'), webhook('{}', ['user']), webhook('{}', ['payment'], `sha256=${createHmac('sha256', SECRET).update('{}').digest('hex')}`)];
    for (const request of repeated) expect(JSON.parse(String((await plugin.handleEndpoint(host.ctx, request)).body))).toEqual({ status: 'repeated' });
    expect(host.queued).toHaveLength(1);
  });

  it('is asked for again when it could not be queued, and taken then', async () => {
    const host = fakeHost();
    const plugin = await started();
    host.queueFails = true;
    await expect(plugin.handleEndpoint(host.ctx, webhook('{}'))).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '10' } });
    host.queueFails = false;
    expect(await plugin.handleEndpoint(host.ctx, webhook('{}'))).toMatchObject({ status: 202 });
  });

  it.each([
    ['of somebody else', webhook('{}', ['payment'], '0'.repeat(64)), {}, 401],
    ['without a time where one is required', webhook('{}'), { require_timestamp: 'true' }, 401],
    ['without an event', webhook('{}', []), {}, 400],
    ['with an event that is no word', webhook('{}', ['a b']), {}, 400],
  ])('is refused %s', async (_what, request, config, status) => {
    const host = fakeHost();
    await expect((await started(config)).handleEndpoint(host.ctx, request)).rejects.toMatchObject({ status });
    expect([host.queued, host.kv.size]).toEqual([[], 0]);
  });
});

describe('a webhook in the studio', () => {
  it('is told to other plugins once, though it came twice', async () => {
    const host = fakeHost();
    const plugin = await started();
    for (let times = 0; times < 2; times++) expect(await plugin.acceptEdgePayload(host.ctx, payloadOf('id-1', { event: 'payment' }))).toBe(true);
    expect(host.published).toEqual([['webhook.payment', '{}']]);
  });

  it('is not for this plugin when it names no event', async () => {
    expect(await (await started()).acceptEdgePayload(fakeHost().ctx, payloadOf('id-1', {}))).toBe(false);
  });
});

it('does not start without a secret', () => {
  expect(() => new WebhookPlugin().initialize({} as Context, new PluginConfig({}))).toThrow('The config value "webhook_secret" is required.');
});
