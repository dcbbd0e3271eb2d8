import { request } from 'node:http';
import { waitFor } from '@sluice/testing';
import { writePlugin } from './stack/written-plugin';
import { Stack } from './stack/stack';

jest.setTimeout(90_000);

let stack: Stack;
let app: { appId: number; token: string };

beforeAll(async () => {
  stack = await Stack.start();
  app = await stack.app('caller', ['echo', 'read']);
  await stack.echo('echo-endpoint', { content: 'Hello' });
  await registerNarrow();
});
afterAll(() => stack?.close());

/** A plugin of two lines without a catch-all route. */
async function registerNarrow(): Promise<void> {
  const entry = writePlugin(
    stack.folder,
    'narrow',
    `endpoints() { return [{ path: '/only', methods: ['GET', 'HEAD'] }]; } handleEndpoint() { return 'here'; }`,
  );
  await stack.api.createEcho('narrow', {}, { command: entry });
  await waitFor(async () => (await stack.get('/plugins/narrow/only')).status === 200, { message: 'the narrow plugin serves' });
}

describe('a request to a plugin', () => {
  it('shows the plugin every field of an endpoint request', async () => {
    const response = await fetch(`${stack.gatewayUrl}/plugins/echo-endpoint/users/123?x=1&y=a%20b`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'x-webhook-signature': 'abc', 'x-request-id': 'e2e-request-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      body: 'the body',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-request-id')).toBe('e2e-request-1');
    const echo = (await response.json()) as Record<string, unknown>;
    expect(echo).toMatchObject({
      method: 'POST',
      path: '/plugins/echo-endpoint/users/123',
      relative_path: '/users/123',
      path_segments: ['users', '123'],
      body: 'the body',
      query_string: 'x=1&y=a%20b',
      remote_addr: '127.0.0.1',
      host: new URL(stack.gatewayUrl).host,
      protocol: 'http',
      authenticated: false,
      app: null,
      scopes: [],
      content: 'Hello',
      runtime: 'gateway',
    });
    expect(echo.headers).toMatchObject({ 'Content-Type': 'text/plain', 'X-Webhook-Signature': 'abc' });
    expect(echo.headers).not.toHaveProperty('Host');
    expect(echo.context).toMatchObject({
      request_id: 'e2e-request-1',
      metadata: { edge_id: expect.any(String), edge_namespace: '' },
      trace_context: { traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/) },
    });
  });

  it('gives the plugin the app, its metadata and the scopes, and takes the credential out', async () => {
    for (const [path, headers] of [
      ['/plugins/echo-endpoint/private/me?x=1', { authorization: `Bearer ${app.token}` }],
      [`/plugins/echo-endpoint/private/me?x=1&token=${app.token}`, {}],
    ] as const) {
      const response = await stack.get(path, headers);
      const text = await response.text();
      expect(response.status).toBe(200);
      expect(text).not.toContain(app.token);
      expect(JSON.parse(text)).toMatchObject({
        authenticated: true,
        query_string: 'x=1',
        scopes: ['echo', 'read'],
        app: { id: app.appId, name: 'caller', description: 'caller app', owner_email: 'admin@example.com', is_active: true, monthly_budget: 12.5, rate_limit: 60, metadata: { tier: 'gold' } },
      });
    }
  });

  it('leaves credentials alone where the gateway does not authenticate', async () => {
    const echo = (await (await stack.get('/plugins/echo-endpoint/open?token=mine', { authorization: 'Basic eDp5' })).json()) as { headers: object; query_string: string };
    expect(echo.headers).toMatchObject({ Authorization: 'Basic eDp5' });
    expect(echo.query_string).toBe('token=mine');
  });

  it('never writes a token into a log', () => {
    expect(stack.gateway.stdout() + stack.gateway.stderr()).not.toContain(app.token);
  });
});

describe('the status of an answer', () => {
  it.each([
    ['GET', '/plugins/unknown/x', 404],
    ['GET', '/plugins/echo-endpoint/private/x', 401],
    ['DELETE', '/plugins/narrow/only', 405],
    ['GET', '/plugins/narrow/other', 404],
    ['GET', '/plugins/echo-endpoint/error', 502],
    ['GET', '/plugins/echo-endpoint/status/418', 418],
    ['GET', '/plugins/echo-endpoint/a%2fb', 400],
    ['GET', '/plugins/echo-endpoint/a%00b', 400],
  ])('%s %s is %d', async (method, path, status) => {
    const response = await fetch(`${stack.gatewayUrl}${path}`, { method });
    expect(response.status).toBe(status);
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD');
    if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    if (status >= 400 && status !== 418) {
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({ status, code: expect.any(String), error: expect.any(String), title: expect.any(String) });
    }
  });

  it('is 413 for a body over the limit, however it is sent', async () => {
    const body = Buffer.alloc(1_048_577);
    expect((await fetch(`${stack.gatewayUrl}/plugins/echo-endpoint/x`, { method: 'POST', body })).status).toBe(413);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(`${stack.gatewayUrl}/plugins/echo-endpoint/x`, { method: 'POST' }, (response) => resolve(response.resume().statusCode));
      outgoing.on('error', reject);
      outgoing.write(body.subarray(0, 600_000));
      outgoing.write(body.subarray(600_000));
      outgoing.end();
    });
    expect(chunked).toBe(413);
    expect((await fetch(`${stack.gatewayUrl}/plugins/echo-endpoint/x`, { method: 'POST', body: body.subarray(1) })).status).toBe(200);
  });

  it('keeps several cookies apart', async () => {
    const response = await stack.get('/plugins/echo-endpoint/status/200');
    expect(response.headers.getSetCookie()).toHaveLength(2);
  });
});

describe('a stream', () => {
  it('arrives one event at a time', async () => {
    const response = await stack.get('/plugins/echo-endpoint/stream?count=5&interval_ms=200');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const arrivals: number[] = [];
    const events: { n: number; at: number }[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      arrivals.push(Date.now());
      for (const line of Buffer.from(chunk).toString().split('\n\n').filter(Boolean)) events.push(JSON.parse(line.slice('data: '.length)) as { n: number; at: number });
    }
    expect(events.map((event) => event.n)).toEqual([0, 1, 2, 3, 4]);
    expect(arrivals).toHaveLength(5);
    expect(arrivals[4]! - arrivals[0]!).toBeGreaterThan(700);
    // Each event was on its way at once: it arrived before the next one was made.
    for (const index of events.slice(0, -1).keys()) expect(arrivals[index]).toBeLessThan(events[index + 1]!.at + 20);
    expect(arrivals[0]! - events[0]!.at).toBeLessThan(200);
  });

  it('ends in the plugin within a second when the client goes away', async () => {
    const before = await cancelled();
    const leaving = new AbortController();
    const response = await fetch(`${stack.gatewayUrl}/plugins/echo-endpoint/stream?count=0&interval_ms=50`, { signal: leaving.signal });
    await response.body!.getReader().read();
    leaving.abort();
    await waitFor(async () => (await cancelled()) > before, { timeoutMs: 1_000, message: 'the plugin sees the cancellation' });
  });

  it('breaks the connection when the plugin fails after the headers', async () => {
    const response = await stack.get('/plugins/echo-endpoint/stream?count=5&interval_ms=20&fail_after=2');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('is 502 when the plugin fails before the headers', async () => {
    expect((await stack.get('/plugins/echo-endpoint/stream?fail_before=1')).status).toBe(502);
  });

  it('waits for a slow reader instead of filling memory', async () => {
    const response = await stack.get('/plugins/echo-endpoint/stream?count=400&interval_ms=0&bytes=262144');
    const reader = response.body!.getReader();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await stack.metric('process_resident_memory_bytes')).toBeLessThan(400 * 1_048_576);
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
    expect(bytes).toBeGreaterThanOrEqual(400 * 262_144);
  });

  async function cancelled(): Promise<number> {
    return ((await (await stack.get('/plugins/echo-endpoint/cancelled')).json()) as { cancelled: number }).cancelled;
  }
});

describe('what the gateway tells about itself', () => {
  it('counts requests by plugin and outcome, and times the plugin', async () => {
    const requests = await stack.metric('sluice_endpoint_requests_total', { plugin: 'echo-endpoint' });
    await stack.get('/plugins/echo-endpoint/x');
    expect(await stack.metric('sluice_endpoint_requests_total', { plugin: 'echo-endpoint' })).toBe(requests + 1);
    expect(await stack.metric('sluice_snapshot_revision')).toBeGreaterThan(0);
  });

  it('is ready, and says what it runs', async () => {
    const ready = await stack.get('/readyz?verbose');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ revision: expect.any(Number), root: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await (await stack.get('/version')).json()).toMatchObject({ version: expect.any(String) });
  });
});
