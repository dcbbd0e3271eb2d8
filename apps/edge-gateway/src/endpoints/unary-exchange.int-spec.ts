import { connect } from 'node:net';
import { once } from 'node:events';
import { FakePlugin } from '../testing/fake-plugin';
import { pluginRecord } from '../testing/records';
import { TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let plugin: FakePlugin;

beforeEach(async () => {
  gateway = await new TestGateway().listen();
  plugin = new FakePlugin();
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*' }, { path: '/only-get', methods: ['GET'] }]));
  gateway.apply(pluginRecord({ id: 1, slug: 'echo' }));
});
afterEach(() => gateway.close());

const problemOf = (answer: { text: string; headers: Record<string, unknown> }) => {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  return JSON.parse(answer.text) as Record<string, unknown>;
};

describe('a unary endpoint', () => {
  it('answers with status, headers, body and length of the plugin', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 201, headers: { 'Content-Type': 'text/plain', 'Set-Cookie': 'a=1\nb=2', 'Content-Length': '999' }, body: Buffer.from('héllo') });
    const answer = await gateway.ask('/plugins/echo/users/1?x=%20y', { method: 'POST', body: 'in', headers: { 'x-request-id': 'req-1' } });
    expect(answer).toMatchObject({ status: 201, text: 'héllo', headers: { 'content-type': 'text/plain', 'content-length': '6', 'set-cookie': ['a=1', 'b=2'], 'x-request-id': 'req-1' } });
    const [{ method, request, options }] = plugin.calls as [(typeof plugin.calls)[0]];
    expect(method).toBe('/plugin.PluginService/HandleEndpointRequest');
    expect(options).toEqual({ deadlineMs: 60_000 });
    expect(request).toMatchObject({
      method: 'POST', path: '/plugins/echo/users/1', relativePath: '/users/1', pathSegments: ['users', '1'], queryString: 'x=%20y', body: Buffer.from('in'),
      remoteAddr: '127.0.0.1', host: `127.0.0.1:${gateway.port}`, protocol: 'http', authenticated: false, app: undefined, scopes: [],
      context: { requestId: 'req-1', metadata: { edge_id: 'gw-1', edge_namespace: 'eu' } },
    });
    expect(request.headers).not.toHaveProperty('Host');
  });

  it('gives a request an id and passes the trace on', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await gateway.ask('/plugins/echo', { headers: { traceparent, tracestate: 'a=b' } });
    const { context, relativePath, pathSegments } = plugin.calls[0]!.request;
    expect(context!.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers['x-request-id']).toBe(context!.requestId);
    expect(context!.traceContext).toEqual({ traceparent, tracestate: 'a=b' });
    expect([relativePath, pathSegments]).toEqual(['/', []]);
  });

  it('says which revision answered when asked', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200 });
    expect((await gateway.ask('/plugins/echo/', { headers: { 'x-config-revision': '?' } })).headers['x-config-revision']).toBe('1');
    expect((await gateway.ask('/plugins/echo/')).headers).not.toHaveProperty('x-config-revision');
  });

  it('says which revision answered unasked when the operator wants it', async () => {
    const telling = await new TestGateway({ tellsRevision: true }).listen();
    try {
      telling.apply(pluginRecord({ id: 7, slug: 'echo' }));
      expect((await telling.ask('/plugins/nowhere/')).headers).not.toHaveProperty('x-config-revision');
      const other = new FakePlugin();
      other.answer = (call) => call.respond({ statusCode: 200 });
      telling.serving.set(7, other.generation(7, [{ path: '/*' }]));
      expect((await telling.ask('/plugins/echo/')).headers['x-config-revision']).toBe('1');
    } finally {
      await telling.close();
    }
  });

  it('answers HEAD, 204 and 304 without a body', async () => {
    plugin.answer = (call) => call.respond({ statusCode: Number(call.request.pathSegments[0]), headers: {}, body: Buffer.from('body') });
    expect(await gateway.ask('/plugins/echo/200', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '4' } });
    for (const status of [204, 304]) {
      const answer = await gateway.ask(`/plugins/echo/${status}`);
      expect(answer).toMatchObject({ status, text: '' });
      expect(answer.headers).not.toHaveProperty('content-length');
    }
  });

  it('takes an answer without a status for 200, as compiled plugins mean it', async () => {
    plugin.answer = (call) => call.respond({ body: Buffer.from('ok') });
    expect(await gateway.ask('/plugins/echo/')).toMatchObject({ status: 200, text: 'ok' });
  });

  it('shows the sentence of a plugin that gives nothing but status and sentence', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 501, errorMessage: 'custom endpoints not supported' });
    const answer = await gateway.ask('/plugins/echo/');
    expect(answer.status).toBe(501);
    expect(problemOf(answer)).toMatchObject({ status: 501, error: 'custom endpoints not supported' });
  });

  it('is 404 where nothing is registered and 405 with Allow where the method is not', async () => {
    gateway.serving.set(1, plugin.generation(1, [{ path: '/only-get', methods: ['GET'] }]));
    expect(problemOf(await gateway.ask('/plugins/echo/other'))).toMatchObject({ status: 404, code: 'endpoint.notFound' });
    expect(problemOf(await gateway.ask('/plugins/other/only-get'))).toMatchObject({ status: 404, code: 'endpoint.notFound' });
    expect(problemOf(await gateway.ask('/plugins/'))).toMatchObject({ status: 404 });
    const answer = await gateway.ask('/plugins/echo/only-get', { method: 'DELETE' });
    expect(answer.headers['allow']).toBe('GET');
    expect(problemOf(answer)).toMatchObject({ status: 405, code: 'endpoint.methodNotAllowed' });
  });

  it('is 503 with Retry-After while the plugin does not serve, and serves a new generation with its own routes', async () => {
    gateway.serving.delete(1);
    const answer = await gateway.ask('/plugins/echo/x');
    expect(answer.headers['retry-after']).toBe('1');
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'endpoint.pluginUnavailable' });
    plugin.answer = (call) => call.respond({ statusCode: 200 });
    gateway.serving.set(1, plugin.generation(1, [{ path: '/new' }]));
    expect((await gateway.ask('/plugins/echo/new')).status).toBe(200);
    expect((await gateway.ask('/plugins/echo/x')).status).toBe(404);
  });

  it.each([
    ['the plugin died', 14, 502, 'endpoint.pluginFailed'],
    ['the plugin threw', 2, 502, 'endpoint.pluginFailed'],
    ['the plugin cancelled', 1, 502, 'endpoint.pluginFailed'],
    ['the deadline passed', 4, 504, 'endpoint.pluginTimedOut'],
  ])('when %s (gRPC status %i) is %i', async (_, grpcStatus, status, code) => {
    plugin.answer = (call) => call.fail(grpcStatus, 'secret of the plugin');
    const answer = await gateway.ask('/plugins/echo/x');
    expect(answer.status).toBe(status);
    const problem = problemOf(answer);
    expect(problem).toMatchObject({ status, code, trace_id: answer.headers['x-request-id'] });
    expect(problem['error']).toBe(problem['detail']);
    expect(answer.text).not.toContain('secret');
    expect(gateway.log.join('')).toContain('secret of the plugin');
  });

  it('is 503 when the call found no process to go to', async () => {
    plugin.answer = (call) => call.fail(14, 'No connection.', false);
    const answer = await gateway.ask('/plugins/echo/x');
    expect(answer.headers['retry-after']).toBe('1');
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'endpoint.pluginUnavailable' });
  });

  it.each([
    ['a status below 200', { statusCode: 199 }],
    ['a status above 599', { statusCode: 600 }],
    ['a negative status', { statusCode: -1 }],
    ['a bad header name', { statusCode: 200, headers: { 'X A': '1' } }],
    ['a header value with a line break', { statusCode: 200, headers: { 'X-A': '1\r\nX-B: 2' } }],
    ['an error message and no status', { errorMessage: 'no' }],
  ])('is 502 for %s', async (_, response) => {
    plugin.answer = (call) => call.respond(response);
    expect(problemOf(await gateway.ask('/plugins/echo/x'))).toMatchObject({ status: 502 });
  });

  it('is 502 for bytes that are no answer', async () => {
    plugin.answer = (call) => call.respondBytes(Buffer.from([0x0a, 0xff]));
    expect(problemOf(await gateway.ask('/plugins/echo/x'))).toMatchObject({ status: 502, code: 'endpoint.answerInvalid' });
  });

  it('cancels the call when the client goes away', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /plugins/echo/x HTTP/1.1\r\nHost: a\r\n\r\n');
    while (plugin.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    await plugin.calls[0]!.cancellation;
    expect(plugin.calls[0]!.cancelled).toBe(true);
  });
});

describe('a request body', () => {
  beforeEach(() => {
    plugin.answer = (call) => call.respond({ statusCode: 200, body: Buffer.from(String(call.request.body.length)) });
  });

  it.each([false, true])('of exactly the limit passes (chunked: %s)', async (chunked) => {
    expect(await gateway.ask('/plugins/echo/x', { method: 'POST', body: 'x'.repeat(1_000), chunked })).toMatchObject({ status: 200, text: '1000' });
  });

  it.each([false, true])('over the limit is 413 and never reaches the plugin (chunked: %s)', async (chunked) => {
    const answer = await gateway.ask('/plugins/echo/x', { method: 'POST', body: 'x'.repeat(1_001), chunked });
    expect(problemOf(answer)).toMatchObject({ status: 413, code: 'endpoint.bodyTooLarge' });
    expect(answer.headers['connection']).toBe('close');
    expect(plugin.calls).toHaveLength(0);
  });

  it('over the limit is 413 while the client goes on sending', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /plugins/echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `400\r\n${'x'.repeat(0x400)}\r\n`;
    const sending = setInterval(() => socket.write(chunk), 1);
    const [data] = (await once(socket, 'data')) as [Buffer];
    clearInterval(sending);
    expect(data.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('is asked for only when it will be read', async () => {
    const headers = { expect: '100-continue' };
    expect(await gateway.ask('/plugins/echo/x', { method: 'POST', body: 'abc', headers })).toMatchObject({ status: 200, text: '3' });
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('POST /plugins/echo/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

describe('the guard', () => {
  it.each(['/plugins/echo/%2e%2e/x', '/plugins/echo/a%2fb', '/plugins/echo/%00', '/plugins/echo/%5c', '/plugins/echo/%zz', '/livez/../x'])('refuses %s', async (path) => {
    expect(problemOf(await gateway.ask(path))).toMatchObject({ status: 400, code: 'request.badTarget' });
    expect(plugin.calls).toHaveLength(0);
  });

  it('refuses a second Host', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /plugins/echo/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  it('leaves what is not its own to the rest', async () => {
    expect(await gateway.ask('/plugins')).toMatchObject({ status: 299 });
    expect(await gateway.ask('/livez')).toMatchObject({ status: 299 });
  });

  it('writes no query into the log', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200 });
    await gateway.ask('/plugins/echo/x?token=hush');
    while (gateway.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gateway.log.join('')).toContain('/plugins/echo/x');
    expect(gateway.log.join('')).not.toContain('hush');
  });
});

it('is 503 before the first snapshot', async () => {
  const empty = await new TestGateway().listen();
  expect(problemOf(await empty.ask('/plugins/echo/x'))).toMatchObject({ status: 503, code: 'request.starting' });
  await empty.close();
});
