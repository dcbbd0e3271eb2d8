import { FakePlugin } from '../testing/fake-plugin';
import { hostileRequests, type HostileRequest } from '../testing/hostile-requests';
import { sendRaw } from '../testing/raw-client';
import { pluginRecord } from '../testing/records';
import { TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let plugin: FakePlugin;

beforeAll(async () => {
  gateway = await new TestGateway().listen();
  plugin = new FakePlugin();
  plugin.answer = (call) => call.respond({ statusCode: 200, body: Buffer.from('reached') });
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*' }, { path: '/private', requireAuth: true }]));
  gateway.apply(pluginRecord({ id: 1, slug: 'echo' }));
});
afterAll(() => gateway.close());

/** These leave no doubt about where the next request begins. */
const isClear = (status: number) => [404, 405].includes(status);
const send = (bytes: HostileRequest['bytes'], status: number) => sendRaw(gateway.port, bytes, status === 0 || isClear(status) ? 400 : 5_000);
const OK = 'GET /plugins/echo/next HTTP/1.1\r\nHost: gw\r\n\r\n';

describe('a request that is malformed or ambiguous', () => {
  it('is one of many', () => {
    expect(hostileRequests.length).toBeGreaterThanOrEqual(150);
    expect(new Set(hostileRequests.map(({ name }) => name)).size).toBe(hostileRequests.length);
  });

  it.each(hostileRequests)('$name: $status', async ({ bytes, status }) => {
    plugin.calls.length = 0;
    const answer = await send(bytes, status);
    expect({ status: answer.status, answers: answer.statuses.length, reached: plugin.calls.length }).toEqual({ status, answers: status === 0 ? 0 : 1, reached: 0 });
    // Where the next request begins is not known, so that there must be none.
    if (status !== 0 && !isClear(status)) expect(answer.closed).toBe(true);
    if (status !== 0) expect(JSON.parse(answer.body)).toMatchObject({ status, code: expect.any(String) as string });
  });

  it.each(hostileRequests.filter(({ status }) => status !== 0 && !isClear(status)))('takes no request along that stands behind it: $name', async ({ bytes, status }) => {
    plugin.calls.length = 0;
    const answer = await send(typeof bytes === 'string' ? bytes + OK : [...bytes, OK], status);
    expect(answer.statuses.filter((status) => status === 200)).toEqual([]);
    expect(plugin.calls.map(({ request }) => request.path)).not.toContain('/plugins/echo/next');
  });
});

describe('a request that is unusual and clear', () => {
  it.each([
    ['empty lines before it', `\r\n\r\n${OK}`, '/plugins/echo/next'],
    ['the absolute form', 'GET http://gw/plugins/echo/x HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/x'],
    ['the absolute form with a default port', 'GET HTTP://GW:80/plugins/echo/x HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/x'],
    ['HTTP/1.0 without Host', 'GET /plugins/echo/x HTTP/1.0\r\n\r\n', '/plugins/echo/x'],
    ['an encoded letter', 'GET /plugins/echo/%41 HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/A'],
    ['encoded UTF-8', 'GET /plugins/echo/%e2%82%ac HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/€'],
    ['an encoded percent sign', 'GET /plugins/echo/100%25 HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/100%'],
    ['dots in names', 'GET /plugins/echo/..a/.../.b HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/..a/.../.b'],
    ['a parameter behind the slug', 'GET /plugins/echo/a;b=c HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/a;b=c'],
    ['a URL as a path', 'GET /plugins/echo/https://other/x HTTP/1.1\r\nHost: gw\r\n\r\n', '/plugins/echo/https://other/x'],
    ['an IPv6 Host', 'GET /plugins/echo/x HTTP/1.1\r\nHost: [::1]:8081\r\n\r\n', '/plugins/echo/x'],
    ['chunks with an extension and a trailer', 'POST /plugins/echo/x HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: Chunked\r\n\r\n1;a="b"\r\nx\r\n0\r\nHost: other\r\n\r\n', '/plugins/echo/x'],
    ['an offer to upgrade', 'GET /plugins/echo/x HTTP/1.1\r\nHost: gw\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', '/plugins/echo/x'],
    ['a head in pieces', ['GET /plugins/ec', 'ho/x HTTP/1.1\r', '\nHo', 'st: gw\r\n\r', '\n'], '/plugins/echo/x'],
  ])('is served with %s', async (_, bytes, path) => {
    plugin.calls.length = 0;
    const answer = await sendRaw(gateway.port, bytes);
    expect([answer.status, answer.statuses.length, plugin.calls.map(({ request }) => request.path)]).toEqual([200, 1, [path]]);
  });

  it('is told what the server itself can do', async () => {
    const answer = await sendRaw(gateway.port, 'OPTIONS * HTTP/1.1\r\nHost: gw\r\n\r\n');
    expect([answer.status, answer.headerLines]).toEqual([204, expect.arrayContaining(['Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']) as string[]]);
  });

  it('gets its answer although what stands behind it is no request', async () => {
    plugin.calls.length = 0;
    const answer = await sendRaw(gateway.port, `${OK}nonsense\r\n\r\n`);
    expect([answer.statuses, answer.closed]).toEqual([[200], true]);
  });

  it('is refused as one of too many on one connection, and the others are answered', async () => {
    const answer = await sendRaw(gateway.port, OK.repeat(150));
    expect(answer.statuses.filter((status) => status === 200)).toHaveLength(100);
    expect([answer.statuses[100], answer.closed]).toEqual([429, true]);
  });
});
