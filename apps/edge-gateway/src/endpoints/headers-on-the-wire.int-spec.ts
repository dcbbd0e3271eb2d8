import { FakePlugin } from '../testing/fake-plugin';
import { requestHeaderCases, responseHeaderCases } from '../testing/header-cases';
import { sendRaw } from '../testing/raw-client';
import { pluginRecord } from '../testing/records';
import { TestGateway } from '../testing/test-gateway';

const OWN = /^(?:X-Request-Id: [0-9a-f]{32}|Content-Length: \d+|Transfer-Encoding: chunked|Date: .* \d{4} .* GMT|Connection: close)$/;

let gateway: TestGateway;
let plugin: FakePlugin;

async function startGateway(settings: Record<string, string> = {}): Promise<void> {
  gateway = await new TestGateway({ maxBodyBytes: 100_000 }, settings).listen();
  plugin = new FakePlugin();
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*' }, { path: '/stream', streamResponse: true }]));
  gateway.apply(pluginRecord({ id: 1, slug: 'echo' }));
}
afterEach(() => gateway.close());

const send = (lines: readonly string[], { path = '/plugins/echo/x', body = '' } = {}) =>
  sendRaw(gateway.port, `POST ${path} HTTP/1.1\r\nHost: gw\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`, 2_000);

it('has sixty cases', () => {
  expect(requestHeaderCases.length + responseHeaderCases.length).toBeGreaterThanOrEqual(60);
  return startGateway();
});

describe('the headers of a request', () => {
  beforeEach(() => startGateway());

  it.each(requestHeaderCases)('reach the plugin: $name', async ({ lines, body, expected }) => {
    const arrived = new Promise<void>((resolve) => {
      plugin.answer = (call) => {
        call.respond({ statusCode: 200 });
        resolve();
      };
    });
    // The connection ends with the answer, unless the case is about just that.
    const last = lines.some((line) => line.toLowerCase().startsWith('connection:')) ? [] : ['Connection: close'];
    const answer = send([...lines, ...last], body === undefined ? {} : { body });
    await arrived;
    const { headers, host, remoteAddr, body: got } = plugin.calls[0]!.request;
    // As one string of bytes, so that no comparison of objects is too kind.
    expect(Buffer.from(JSON.stringify(Object.entries(headers).sort()))).toEqual(Buffer.from(JSON.stringify(Object.entries(expected).sort())));
    expect([host, remoteAddr, got.toString()]).toEqual(['gw', '127.0.0.1', body === undefined ? '' : 'abc']);
    expect((await answer).status).toBe(200);
  });
});

describe.each(['unary', 'stream'])('the headers of a %s answer', (kind) => {
  beforeEach(() => startGateway());

  it.each(responseHeaderCases)('reach the client: $name', async ({ answer, lines }) => {
    plugin.answer = (call) =>
      kind === 'unary' ? call.respond({ statusCode: 200, headers: { ...answer }, body: Buffer.from('body') }) : void call.headers(200, { ...answer }).body('body').done().end();
    const { status, headerLines, text } = await send(['Connection: close'], { path: kind === 'unary' ? '/plugins/echo/x' : '/plugins/echo/stream' });
    if (lines) {
      expect({ status, lines: headerLines.filter((line) => lines.includes(line) || !OWN.test(line)) }).toEqual({ status: 200, lines });
      expect(text.endsWith(kind === 'unary' ? '\r\n\r\nbody' : '\r\n\r\n4\r\nbody\r\n0\r\n\r\n')).toBe(true);
      return;
    }
    expect(status).toBe(502);
    // Not a byte of it crosses, and the audit has the reason.
    expect(text).not.toContain('X-B');
    const audit = gateway.log.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['audit'] === true);
    expect(audit).toEqual([expect.objectContaining({ event: 'endpoint.answer_refused', code: 'endpoint.answerInvalid', pluginId: 1, slug: 'echo', reason: expect.any(String) as string, request_id: expect.any(String) as string })]);
  });

  it.each([1, 99, 100, 101, 199, 600, 1_000, -200])('are refused with the status %i', async (statusCode) => {
    plugin.answer = (call) => (kind === 'unary' ? call.respond({ statusCode }) : void call.headers(statusCode).done().end());
    expect((await send(['Connection: close'], { path: kind === 'unary' ? '/plugins/echo/x' : '/plugins/echo/stream' })).status).toBe(502);
    expect(gateway.log.join('')).toContain('"event":"endpoint.answer_refused"');
  });
});

describe('what a trusted proxy says of a request', () => {
  beforeEach(() => startGateway({ GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8' }));

  it('reaches the plugin, without what the client wrote before it', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200 });
    await send(['X-Forwarded-For: 6.6.6.6, 192.0.2.7, 127.0.0.9', 'X-Forwarded-Proto: https', 'Connection: close']);
    expect(plugin.calls[0]!.request).toMatchObject({ remoteAddr: '192.0.2.7', headers: { 'X-Forwarded-For': '192.0.2.7, 127.0.0.9', 'X-Forwarded-Proto': 'https' } });
  });

  it('is refused where it contradicts itself', async () => {
    const answer = await send(['X-Forwarded-For: 192.0.2.7', 'Forwarded: for=192.0.2.8']);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, expect.objectContaining({ code: 'request.badForwarding' })]);
    expect(plugin.calls).toHaveLength(0);
  });
});
