import { type Context, type EndpointChunk, type EndpointRequest, type PluginConfig, type PluginEvent } from '@sluice/plugin-sdk';
import { EchoPlugin } from './echo-plugin';

/** A host's side of a call, as far as these handlers look. */
function hosted(values: Record<string, string> = {}) {
  const kept = new Map<string, Buffer>();
  const subscriptions = new Map<string, (event: PluginEvent) => void>();
  const saved: unknown[] = [];
  const client = new AbortController();
  const ctx = {
    runtime: 'studio',
    pluginId: 7,
    requestId: 'request-1',
    metadata: { edge_id: 'e' },
    traceContext: { traceparent: '00-a-b-01' },
    signal: client.signal,
    services: {
      logger: { info: () => undefined },
      events: {
        subscribe: (topic: string, handler: (event: PluginEvent) => void) => void subscriptions.set(topic, handler),
        publish: async () => 'event-1',
      },
      kv: {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: Buffer) => void kept.set(key, value),
        delete: async (key: string) => kept.delete(key),
      },
      studio: {
        updatePluginConfig: async (request: unknown) => (saved.push(request), { success: true, message: '' }),
        listApps: async () => ({ apps: [{ id: 1, name: 'An app', description: 'not shown' }], totalCount: 1n }),
      },
    },
  } as unknown as Context;
  const plugin = new EchoPlugin();
  plugin.initialize(ctx, { raw: values, string: (key: string, fallback: string) => values[key] ?? fallback } as PluginConfig);
  return { plugin, ctx, client, saved, subscriptions };
}

function request(relativePath: string, fields: Partial<EndpointRequest> = {}): EndpointRequest {
  const pathSegments = relativePath.split('/').filter(Boolean);
  return {
    method: 'GET',
    path: `/plugins/echo${relativePath}`,
    relativePath,
    pathSegments,
    headers: {},
    body: Buffer.alloc(0),
    queryString: '',
    query: new URLSearchParams(fields.queryString),
    remoteAddr: '10.0.0.1',
    host: 'gateway:8081',
    protocol: 'http',
    authenticated: false,
    app: undefined,
    scopes: [],
    ...fields,
  };
}

const text = (chunks: EndpointChunk[]) => chunks.filter((chunk) => typeof chunk === 'string');

describe('the echo', () => {
  it('answers with every field of the request and with its configuration', async () => {
    const { plugin, ctx } = hosted({ slug: 'echo', content: 'Hi' });
    const { body } = await plugin.handleEndpoint(ctx, request('/users/123', { method: 'POST', body: Buffer.from('x'), queryString: 'a=1' }));
    expect(JSON.parse(String(body))).toEqual({
      method: 'POST',
      path: '/plugins/echo/users/123',
      relative_path: '/users/123',
      path_segments: ['users', '123'],
      headers: {},
      body: 'x',
      query_string: 'a=1',
      remote_addr: '10.0.0.1',
      host: 'gateway:8081',
      protocol: 'http',
      context: { request_id: 'request-1', metadata: { edge_id: 'e' }, trace_context: { traceparent: '00-a-b-01' } },
      authenticated: false,
      app: null,
      scopes: [],
      content: 'Hi',
      config: { slug: 'echo', content: 'Hi' },
      pid: process.pid,
      runtime: 'studio',
    });
  });

  it('answers with the status it is asked for', async () => {
    const { plugin, ctx } = hosted();
    expect(await plugin.handleEndpoint(ctx, request('/status/418'))).toMatchObject({
      status: 418,
      headers: { 'X-Echo': 'yes', 'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/'] },
    });
    expect(() => plugin.handleEndpoint(ctx, request('/error'))).toThrow('echo failed on purpose');
    expect((await plugin.handleEndpoint(ctx, request('/bytes/5'))).body).toEqual(Buffer.from('xxxxx'));
  });

  it('stops sleeping when nobody waits', async () => {
    const { plugin, ctx, client } = hosted();
    const answer = plugin.handleEndpoint(ctx, request('/sleep/600000'));
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
  });

  it('keeps values in the storage of its host', async () => {
    const { plugin, ctx } = hosted();
    const call = (method: string, body = '') => plugin.handleEndpoint(ctx, request('/kv/a', { method, body: Buffer.from(body) }));
    await call('PUT', 'value');
    expect((await call('GET')).body).toEqual(Buffer.from('value'));
    expect((await call('DELETE')).status).toBe(204);
    await expect(call('GET')).rejects.toMatchObject({ status: 404 });
  });

  it('remembers the events of its topics', async () => {
    const { plugin, ctx, subscriptions } = hosted();
    subscriptions.get('echo.*')?.({ id: '1', topic: 'echo.a', origin: 'o', direction: 'local', payload: Buffer.from('p'), dropped: 0 });
    const { body } = await plugin.handleEndpoint(ctx, request('/events/seen'));
    expect(JSON.parse(String(body))).toEqual([{ topic: 'echo.a', payload: 'p', origin: 'o' }]);
    expect(await plugin.handleEndpoint(ctx, request('/events/publish/echo.a', { method: 'POST' }))).toMatchObject({ body: '{"topic":"echo.a","id":"event-1"}' });
  });

  it('lists the apps', async () => {
    const { plugin, ctx } = hosted();
    expect((await plugin.handleEndpoint(ctx, request('/apps'))).body).toBe('{"apps":[{"id":1,"name":"An app"}],"total":1}');
  });

  it('saves its content as a whole configuration', async () => {
    const { plugin, ctx, saved } = hosted({ slug: 'echo', content: 'Old' });
    expect(await plugin.handleRpc(ctx, 'get_content', {})).toEqual({ content: 'Old' });
    await plugin.handleRpc(ctx, 'save_content', { content: 'New' });
    expect(saved).toEqual([{ pluginId: 7, configJson: '{"slug":"echo","content":"New"}' }]);
    await expect(plugin.handleRpc(ctx, 'save_content', {})).rejects.toThrow('save_content needs');
  });
});

describe('the stream of the echo', () => {
  const collect = async (queryString: string) => {
    const { plugin, ctx } = hosted();
    const chunks: EndpointChunk[] = [];
    let failure: unknown;
    try {
      for await (const chunk of plugin.handleEndpointStream(ctx, request('/stream', { queryString }))) chunks.push(chunk);
    } catch (error) {
      failure = error;
    }
    return { chunks, failure };
  };

  it('counts, one event at a time', async () => {
    const { chunks } = await collect('count=3&interval_ms=1');
    expect(chunks[0]).toMatchObject({ status: 200, headers: { 'Content-Type': 'text/event-stream' } });
    expect(text(chunks).map((event) => JSON.parse(String(event).slice(6)).n)).toEqual([0, 1, 2]);
  });

  it('pads events to a size', async () => {
    expect(text((await collect('count=2&interval_ms=1&bytes=500')).chunks).map((event) => event.length)).toEqual([500, 500]);
  });

  it('fails where it is told to', async () => {
    const after = await collect('count=5&interval_ms=1&fail_after=2');
    expect([text(after.chunks).length, after.failure]).toEqual([2, expect.any(Error)]);
    const before = await collect('fail_before=1');
    expect([before.chunks, before.failure]).toEqual([[], expect.any(Error)]);
  });

  it('notices and counts clients that go away', async () => {
    const { plugin, ctx, client } = hosted();
    const stream = plugin.handleEndpointStream(ctx, request('/stream', { queryString: 'count=0&interval_ms=600000' }));
    await stream.next();
    await stream.next();
    const waiting = stream.next();
    client.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect(plugin.cancelled.report()).toEqual({ cancelled: 1, last_at: expect.any(Number) });
  });
});
