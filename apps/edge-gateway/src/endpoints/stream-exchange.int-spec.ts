import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakePlugin, type FakeCall } from '../testing/fake-plugin';
import { appRecord, pluginRecord, tokenRecord } from '../testing/records';
import { TestGateway, tokenHashOf } from '../testing/test-gateway';

let gateway: TestGateway;
let plugin: FakePlugin;
const sockets: Socket[] = [];

const records = [pluginRecord({ id: 1, slug: 'echo' }), appRecord({ id: 4 }), tokenRecord({ id: 9, app_id: 4, hash: tokenHashOf('tok') })];
const start = async (limits?: { streamTimeoutMs?: number }) => {
  gateway = await new TestGateway(limits).listen();
  plugin = new FakePlugin();
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*', streamResponse: true }, { path: '/private', streamResponse: true, requireAuth: true }]));
  gateway.apply(...records);
};

beforeEach(() => start());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway.close();
});

const until = async (condition: () => boolean) => {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1_000) throw new Error('It did not happen.');
    await sleep(5);
  }
};

/** A client that shows what arrives, when it arrives. */
const open = async (path: string): Promise<{ socket: Socket; call: FakeCall; received: () => string; closed: () => boolean }> => {
  const socket = connect(gateway.port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  let closed = false;
  socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
  socket.on('close', () => (closed = true));
  socket.on('error', () => undefined);
  const before = plugin.calls.length;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await until(() => plugin.calls.length > before);
  return { socket, call: plugin.calls.at(-1)!, received: () => text, closed: () => closed };
};

describe('a streaming endpoint', () => {
  it('sends the head and each piece at once, and ends with DONE', async () => {
    const { call, received } = await open('/plugins/echo/x');
    expect(call.method).toBe('/plugin.PluginService/HandleEndpointRequestStream');
    expect(call.options).toEqual({ deadlineMs: 60_000 });
    call.headers(0, { 'Content-Type': 'text/event-stream', Connection: 'keep-alive' });
    await until(() => received().includes('\r\n\r\n'));
    expect(received()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n/);
    for (const piece of ['one', 'two', 'three']) {
      call.body(piece);
      await until(() => received().includes(piece));
    }
    call.done();
    await until(() => received().endsWith('0\r\n\r\n'));
    call.end();
    expect(call.cancelled).toBe(false);
  });

  it.each([
    ['the end of the call counts as DONE', (call: FakeCall) => call.headers(202).body('x').end(), 202, 'x'],
    ['BODY without HEADERS means 200', (call: FakeCall) => call.body('x').done(), 200, 'x'],
    ['an end without anything is an empty 200', (call: FakeCall) => call.end(), 200, ''],
    ['what comes after DONE is not looked at', (call: FakeCall) => call.headers(200).body('x').done().body('y').error('late').end(), 200, 'x'],
    ['a 204 has no body', (call: FakeCall) => call.headers(204).body('x').done(), 204, ''],
  ])('%s', async (_, answer, status, text) => {
    plugin.answer = (call) => void answer(call);
    expect(await gateway.ask('/plugins/echo/x')).toMatchObject({ status, text, complete: true });
  });

  it('answers HEAD with the head alone', async () => {
    plugin.answer = (call) => call.headers(200, { 'X-A': '1' }).body('x').done();
    expect(await gateway.ask('/plugins/echo/x', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'x-a': '1' } });
  });

  it.each([
    ['ERROR', (call: FakeCall) => call.error('of the plugin'), 502, 'endpoint.pluginFailed'],
    ['the death of the plugin', (call: FakeCall) => call.fail(14), 502, 'endpoint.pluginFailed'],
    ['the deadline', (call: FakeCall) => call.fail(4), 504, 'endpoint.pluginTimedOut'],
    ['a status that does not exist', (call: FakeCall) => call.headers(99), 502, 'endpoint.answerInvalid'],
    ['a bad header', (call: FakeCall) => call.headers(200, { 'X-A': '1\n2' }), 502, 'endpoint.answerInvalid'],
  ])('%s before the headers is a problem', async (_, answer, status, code) => {
    plugin.answer = (call) => void answer(call);
    const reply = await gateway.ask('/plugins/echo/x');
    expect([reply.status, (JSON.parse(reply.text) as { code: string }).code]).toEqual([status, code]);
  });

  it.each([
    ['ERROR', (call: FakeCall) => call.error('secret of the plugin')],
    ['the death of the plugin', (call: FakeCall) => call.fail(14, 'secret of the plugin')],
    ['the deadline', (call: FakeCall) => call.fail(4, 'secret of the plugin')],
  ])('%s after the headers breaks the connection and is logged', async (_, answer) => {
    plugin.answer = async (call) => {
      call.headers(200).body('partial');
      await sleep(50);
      answer(call);
    };
    expect(await gateway.ask('/plugins/echo/x')).toMatchObject({ status: 200, text: 'partial', complete: false });
    expect(gateway.log.join('')).toContain('secret of the plugin');
  });

  it('cancels the call as soon as the client is gone', async () => {
    const { socket, call } = await open('/plugins/echo/x');
    call.headers(200).body('x');
    socket.destroy();
    await call.cancellation;
    expect(call.cancelled).toBe(true);
  });

  it('holds the plugin up while the client does not read, and goes on when it does', async () => {
    const { socket, call, received } = await open('/plugins/echo/x');
    call.headers(200);
    await until(() => received().includes('\r\n\r\n'));
    socket.pause();
    const piece = 'x'.repeat(65_536);
    let sent = 0;
    while (!call.paused && sent < 2_000) {
      call.body(piece);
      sent++;
      if (sent % 16 === 0) await sleep(1);
    }
    expect(call.paused).toBe(true);
    socket.resume();
    await until(() => !call.paused);
    call.body('the end').done();
    await until(() => received().endsWith('the end\r\n0\r\n\r\n'));
    expect(received().length).toBeGreaterThan(sent * piece.length);
  });

  it('gives the memory of large pieces back once they are out, and no earlier', async () => {
    const { socket, call, received } = await open('/plugins/echo/x');
    call.headers(200);
    await until(() => received().includes('\r\n\r\n'));
    socket.pause();
    const pieces = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => letter.repeat(262_144));
    for (const piece of pieces) call.body(piece);
    await sleep(50);
    expect(call.released).toBeLessThan(pieces.length * 262_144);
    socket.resume();
    call.done();
    await until(() => received().endsWith('\r\n0\r\n\r\n'));
    expect(received().slice(received().indexOf('\r\n\r\n') + 4)).toBe(`${pieces.map((piece) => `40000\r\n${piece}\r\n`).join('')}0\r\n\r\n`);
    expect(call.released).toBeGreaterThanOrEqual(pieces.length * 262_144);
  });

  it('cuts off a client that does not read when the time is over', async () => {
    await gateway.close();
    await start({ streamTimeoutMs: 200 });
    const { socket, call } = await open('/plugins/echo/x');
    call.headers(200);
    socket.pause();
    for (let sent = 0; !call.paused && sent < 2_000; sent++) {
      call.body('x'.repeat(65_536));
      if (sent % 16 === 0) await sleep(1);
    }
    await call.cancellation;
    expect(call.cancelled).toBe(true);
  });

  it('ends when its token is taken back, before the headers as 401', async () => {
    const begun = await open('/plugins/echo/private?token=tok');
    begun.call.headers(200).body('x');
    const waiting = await open('/plugins/echo/private?token=tok');
    const unrelated = await open('/plugins/echo/x');
    unrelated.call.headers(200);
    gateway.apply(...records.slice(0, 2));
    await until(() => begun.closed());
    await until(() => waiting.received().includes('401'));
    expect(begun.received()).not.toMatch(/0\r\n\r\n$/);
    expect([begun.call.cancelled, waiting.call.cancelled, unrelated.call.cancelled]).toEqual([true, true, false]);
  });

  it('goes on when a new revision still has its token', async () => {
    const { call, received } = await open('/plugins/echo/private?token=tok');
    call.headers(200);
    gateway.apply(...records);
    call.body('still here').done();
    await until(() => received().includes('still here'));
    expect(call.cancelled).toBe(false);
  });
});
