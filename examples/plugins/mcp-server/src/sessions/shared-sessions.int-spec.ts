import { Redis } from 'ioredis';
import { McpEndpoint } from '../mcp-endpoint';
import { collect, events, LegacyClient, next } from '../testing/legacy-client';
import { RedisSharing } from './redis-sharing';

// Redis and timers on a busy machine.
jest.setTimeout(60_000);

const redisUrl = process.env['TEST_REDIS_URL'];
if (!redisUrl) throw new Error('TEST_REDIS_URL is missing: run the tests with `npm test`.');

const logger = { warn: () => undefined };
let endpoints: McpEndpoint[] = [];
let clients: LegacyClient[] = [];

/** A process of the plugin on a gateway of its own. */
async function gateway(sharing?: RedisSharing): Promise<McpEndpoint> {
  sharing ??= await connected();
  const endpoint = new McpEndpoint({ allowedHosts: ['localhost'], sessionIdleMs: 60_000, maxSessions: 100, sharing, logger });
  endpoints.push(endpoint);
  return endpoint;
}

function connected(): Promise<RedisSharing> {
  return RedisSharing.connect(redisUrl ?? '', 60_000, logger);
}

async function opened(endpoint: McpEndpoint, app?: number): Promise<LegacyClient> {
  const client = new LegacyClient(app === undefined ? undefined : { app, name: `App ${app}`, scopes: [] });
  clients.push(client);
  await client.start(endpoint);
  return client;
}

afterEach(async () => {
  for (const client of clients) client.close();
  for (const endpoint of endpoints) await endpoint.close();
  [endpoints, clients] = [[], []];
});

describe('a session of which requests reach another gateway', () => {
  it('is the same session', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    expect(await client.result(other, 'tools/call', { name: 'test_simple_text' })).toMatchObject({ content: [{ text: 'This is a simple text response for testing.' }] });
    expect(await client.result(one, 'ping')).toEqual({});
  });

  it('takes the answer there to what was asked here', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    const stream = events(await client.call(one, 'tools/call', { name: 'test_input_required_result_elicitation' }).response);
    const question = await next(stream, ({ message }) => message?.method === 'elicitation/create');
    const answered = await client.answer(other, question.message?.id, { action: 'accept', content: { name: 'Ada' } });
    expect(answered.status).toBe(202);
    const { message } = await next(stream, (event) => event.message?.result !== undefined);
    expect(message?.result).toMatchObject({ content: [{ text: 'Hello, Ada!' }] });
  });

  it('hears there what changes anywhere, when it subscribed', async () => {
    const [one, other, third] = [await gateway(), await gateway(), await gateway()];
    const client = await opened(one);
    const heard = events(await client.listen(other).response);
    await client.result(other, 'resources/subscribe', { uri: 'test://watched-resource' });
    const another = await opened(third);
    await another.result(third, 'tools/call', { name: 'test_trigger_resource_change' });
    const { message } = await next(heard, (event) => event.message?.method === 'notifications/resources/updated');
    expect(message?.params).toMatchObject({ uri: 'test://watched-resource' });
  });

  it('resumes there the answer of a call whose stream was lost', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    const [first, ...rest] = await collect(await client.call(one, 'tools/call', { name: 'test_reconnection' }).response);
    expect(rest).toEqual([]);
    const resumed = await collect(await client.listen(other, first?.id).response);
    expect(resumed.map(({ message }) => message?.result)).toEqual([{ content: [{ type: 'text', text: 'Reconnection test completed successfully.' }] }]);
  });

  it('ends everywhere when the client ends it', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    expect((await client.end(other)).status).toBe(200);
    for (const endpoint of [one, other]) expect((await client.call(endpoint, 'ping').response).status).toBe(404);
  });

  it('belongs to the app that opened it', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one, 1);
    const thief = await opened(other, 2);
    thief.sessionId = client.sessionId;
    const nobody = await opened(other);
    nobody.sessionId = client.sessionId;
    for (const endpoint of [one, other]) {
      expect((await thief.call(endpoint, 'ping').response).status).toBe(404);
      expect((await nobody.call(endpoint, 'ping').response).status).toBe(404);
    }
    expect(await client.result(other, 'tools/call', { name: 'whoami' })).toMatchObject({ content: [{ text: 'App 1' }] });
  });
});

describe('a session whose gateway ends', () => {
  it('goes on elsewhere: with its subscriptions, and what was missed', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    await client.result(one, 'resources/subscribe', { uri: 'test://watched-resource' });
    const begun = client.listen(one);
    const heard = events(await begun.response);
    await client.result(one, 'tools/call', { name: 'test_trigger_tool_change' });
    const { id } = await next(heard, ({ message }) => message?.method === 'notifications/tools/list_changed');
    begun.leave();
    await client.result(one, 'tools/call', { name: 'test_trigger_prompt_change' });
    await stored(client.sessionId, 'prompts/list_changed');
    await one.close();

    const resumed = events(await client.listen(other, id).response);
    expect((await next(resumed, () => true)).message?.method).toBe('notifications/prompts/list_changed');
    await client.result(other, 'tools/call', { name: 'test_trigger_resource_change' });
    expect((await next(resumed, () => true)).message?.method).toBe('notifications/resources/updated');
  });

  it('goes on elsewhere when it ended without a word', async () => {
    const sharing = await connected();
    const [one, other] = [await gateway(sharing), await gateway()];
    const client = await opened(one);
    // What is left of a process that was killed: Redis finds its connections closed, sooner or later.
    await sharing.close();
    const answered = async () => (await client.call(other, 'ping').response).status;
    let status = await answered();
    for (let tries = 0; status === 502 && tries < 10; tries++) status = await answered();
    expect(status).toBe(200);
  });

  it('is taken over by one of those that try at once', async () => {
    const [one, other, third] = [await gateway(), await gateway(), await gateway()];
    const client = await opened(one);
    await one.close();
    const answers = await Promise.all([other, third, other, third].map((endpoint) => client.result(endpoint, 'ping')));
    expect(answers).toEqual([{}, {}, {}, {}]);
  });

  it('says so to a call that was being answered', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const client = await opened(one);
    const stream = events(await client.call(other, 'tools/call', { name: 'test_input_required_result_elicitation' }).response);
    await next(stream, ({ message }) => message?.method === 'elicitation/create');
    await one.close();
    await expect(next(stream, ({ message }) => message?.result !== undefined)).rejects.toThrow('The stream ended');
  });
});

/** Waits until what was sent is kept: it travels through Redis. */
async function stored(sessionId: string, text: string): Promise<void> {
  const redis = new Redis(redisUrl ?? '');
  try {
    for (let tries = 0; tries < 500; tries++) {
      if (JSON.stringify(await redis.xrange(`mcp-server:events:${sessionId}`, '-', '+')).includes(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${text} was not kept.`);
  } finally {
    redis.disconnect();
  }
}
