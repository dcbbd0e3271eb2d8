import { McpEndpoint } from '../mcp-endpoint';
import { LegacyClient } from '../testing/legacy-client';
import { memoryKv } from '../testing/memory-kv';
import { KvSharing } from './kv-sharing';

const logger = { warn: () => undefined };

function process(kv = memoryKv(), { maxSessions = 100, now = Date.now } = {}): McpEndpoint {
  return new McpEndpoint({ allowedHosts: ['localhost'], sessionIdleMs: 60_000, maxSessions, sharing: new KvSharing(kv, 60_000, now), logger });
}

describe('sessions without Redis', () => {
  it('outlive a reload of the plugin', async () => {
    const kv = memoryKv();
    const before = process(kv);
    const client = new LegacyClient();
    await client.start(before);
    const after = process(kv);
    await before.close();
    expect(await client.result(after, 'tools/call', { name: 'test_simple_text' })).toMatchObject({ content: [{ type: 'text' }] });
    await after.close();
  });

  it('are unknown on another gateway', async () => {
    const [one, other] = [process(), process()];
    const client = new LegacyClient();
    await client.start(one);
    expect((await client.call(other, 'ping').response).status).toBe(404);
    await Promise.all([one.close(), other.close()]);
  });

  it('make room for new ones, the longest unused first', async () => {
    const endpoint = process(memoryKv(), { maxSessions: 2 });
    const clients = [new LegacyClient(), new LegacyClient(), new LegacyClient()] as const;
    await clients[0].start(endpoint);
    await clients[1].start(endpoint);
    await clients[0].result(endpoint, 'ping');
    await clients[2].start(endpoint);
    const statuses = await Promise.all(clients.map(async (client) => (await client.call(endpoint, 'ping').response).status));
    expect(statuses).toEqual([200, 404, 200]);
    await endpoint.close();
  });

  it('are not opened by anything but initialize', async () => {
    const endpoint = process();
    const stranger = new LegacyClient();
    const { response } = stranger.call(endpoint, 'tools/list');
    expect((await response).status).toBe(400);
    await endpoint.close();
  });
});

describe('a web page of another site', () => {
  it.each([
    ['by its Host', { Host: 'evil.example' }],
    ['by its Origin', { Host: 'localhost', Origin: 'https://evil.example' }],
  ])('is refused %s', async (_how, headers) => {
    const endpoint = process();
    const answer = await endpoint.fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body: '{}' }), undefined);
    expect(answer.status).toBe(403);
    await endpoint.close();
  });
});
