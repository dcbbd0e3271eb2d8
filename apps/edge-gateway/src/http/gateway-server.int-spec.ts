import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { FakePlugin } from '../testing/fake-plugin';
import { pluginRecord } from '../testing/records';
import { TestGateway } from '../testing/test-gateway';

const SETTINGS = { GATEWAY_HEAD_TIMEOUT: '1s', GATEWAY_SLOW_CLIENT_TIMEOUT: '1s', GATEWAY_MIN_RATE: '100', GATEWAY_MAX_CONNECTIONS: '3' };
/** Much longer than anything here takes, and shorter than forever. */
const LONG_MS = 15_000;

let gateway: TestGateway;
let plugin: FakePlugin;
let clients: Client[];

/** A connection whose bytes the test sends, and reads as they come. */
class Client {
  text = '';
  closed = false;
  constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk: string) => (this.text += chunk));
    socket.on('error', () => undefined).on('close', () => (this.closed = true));
    socket.on('end', () => (this.closed = true));
  }

  send(bytes: string): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }
}

beforeEach(async () => {
  gateway = await new TestGateway({ maxBodyBytes: 100_000 }, SETTINGS).listen();
  plugin = new FakePlugin();
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*' }, { path: '/stream', streamResponse: true }]));
  gateway.apply(pluginRecord({ id: 1, slug: 'echo' }));
  clients = [];
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await gateway.close();
});

const open = () => {
  const client = new Client(connect(gateway.port, '127.0.0.1'));
  clients.push(client);
  return client;
};
const until = async (what: string, condition: () => boolean) => {
  for (const deadline = Date.now() + LONG_MS; !condition(); await sleep(10)) if (Date.now() > deadline) throw new Error(`It did not happen: ${what}.`);
};
const get = (path: string) => `GET /plugins/echo${path} HTTP/1.1\r\nHost: gw\r\n\r\n`;
const called = async (count = 1) => {
  await until('the plugin is called', () => plugin.calls.length === count);
  return plugin.calls[count - 1]!;
};

describe('a slow client', () => {
  it('is told that its head took too long', async () => {
    const client = open().send('GET /plugins/echo/x HTTP/1.1\r\nHost: gw\r\nX-Slow: ');
    await until('it is ended', () => client.closed);
    expect(client.text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request\.tooSlow"/);
  });

  it('is ended although it has sent nothing', async () => {
    const client = open();
    await until('it is ended', () => client.closed);
  });

  it('is told that its body comes too slowly, however long it keeps trickling', async () => {
    const client = open().send('POST /plugins/echo/x HTTP/1.1\r\nHost: gw\r\nContent-Length: 50000\r\n\r\n');
    const trickle = setInterval(() => client.send('x'), 100);
    await until('it is ended', () => client.closed).finally(() => clearInterval(trickle));
    expect(client.text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request\.tooSlow"/);
    expect(plugin.calls).toHaveLength(0);
  });

  it('may pause for less than that', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200, body: Buffer.from(`${call.request.body.length} bytes`) });
    const client = open().send('POST /plugins/echo/x HTTP/1.1\r\nHost: gw\r\nContent-Length: 2000\r\n\r\n');
    for (let n = 0; n < 4; n++) {
      await sleep(500);
      client.send('x'.repeat(500));
    }
    await until('it is answered', () => client.text.includes('2000 bytes'));
  });

  it('is cut off when it takes no answer, and the plugin is stopped', async () => {
    const client = open();
    client.socket.pause();
    client.send(get('/stream'));
    const call = await called();
    call.headers(200);
    const piece = Buffer.alloc(1_048_576);
    // Nothing is kept beyond what the system takes: the plugin has to wait.
    for (let sent = 0; !call.paused && sent < 64; sent++) {
      call.body(piece);
      await sleep(1);
    }
    expect(call.paused).toBe(true);
    await until('the call is cancelled', () => call.cancelled);
  });

  it('is not who waits for a plugin, or for an event', async () => {
    const waiting = open().send(get('/x'));
    const listening = open().send(get('/stream'));
    await until('both are called', () => plugin.calls.length === 2);
    const stream = plugin.calls.find(({ method }) => method.endsWith('Stream'))!;
    stream.headers(200, { 'Content-Type': 'text/event-stream' });
    await sleep(3_000);
    expect([waiting.closed, listening.closed]).toEqual([false, false]);
    stream.body('data: late\n\n');
    await until('the event arrives', () => listening.text.includes('data: late'));
  });
});

it('closes connections beyond their number', async () => {
  const held = [open(), open(), open()].map((client) => client.send(get('/x')));
  await called(3);
  const further = open().send(get('/x'));
  await until('it is closed', () => further.closed);
  expect([further.text, held.map(({ closed }) => closed)]).toEqual(['', [false, false, false]]);
});

describe('an event stream', () => {
  it('goes out piece by piece as the plugin gave it, whatever the client could decode', async () => {
    const client = open().send('GET /plugins/echo/stream HTTP/1.1\r\nHost: gw\r\nAccept-Encoding: gzip, br, zstd\r\n\r\n');
    const call = await called();
    call.headers(200, { 'Content-Type': 'text/event-stream' });
    for (const n of [1, 2, 3]) {
      const event = `data: ${n} ${'x'.repeat(2_000)}\n\n`;
      call.body(event);
      await until('the event arrives', () => client.text.endsWith(`\r\n${event}\r\n`));
    }
    expect(client.text).not.toMatch(/content-encoding/i);
  });

  it('keeps the coding that a plugin gave its answer', async () => {
    const packed = gzipSync('data: 1\n\n');
    plugin.answer = (call) => call.respond({ statusCode: 200, headers: { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' }, body: packed });
    const client = open().send(get('/x'));
    await until('it is answered', () => client.text.endsWith(packed.toString('latin1')));
  });
});

describe('a gateway that takes its leave', () => {
  it('answers what is in progress, says that it is the last answer, and ends', async () => {
    const client = open().send(get('/x'));
    const idle = open();
    const call = await called();
    const drained = gateway.edge.drain(LONG_MS);
    await until('the idle one is closed', () => idle.closed);
    expect(client.closed).toBe(false);
    call.respond({ statusCode: 200, body: Buffer.from('whole') });
    await drained;
    await until('it is closed', () => client.closed);
    expect(client.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*whole$/);
  });

  it('still takes new connections while others learn of it, each for one answer', async () => {
    plugin.answer = (call) => call.respond({ statusCode: 200, body: Buffer.from('whole') });
    gateway.edge.retire();
    const client = open().send(get('/x') + get('/behind'));
    await until('it is closed', () => client.closed);
    expect(client.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*whole$/);
    expect(plugin.calls.map(({ request }) => request.relativePath)).toEqual(['/x']);
  });

  it('ends event streams between two events, as if they were complete, and no other stream', async () => {
    const [events, file] = [open().send(get('/stream?events')), open().send(get('/stream?file'))];
    await until('both are called', () => plugin.calls.length === 2);
    const eventCall = plugin.calls.find(({ request }) => request.queryString === 'events')!;
    const fileCall = plugin.calls.find((call) => call !== eventCall)!;
    eventCall.headers(200, { 'Content-Type': 'text/event-stream' }).body('data: 1\n\ndata: ');
    fileCall.headers(200, { 'Content-Type': 'application/octet-stream' }).body('half');
    await until('both have begun', () => events.text.includes('data: ') && file.text.includes('half'));
    const drained = gateway.edge.drain(LONG_MS);
    await gateway.dispatcher.endEventStreams();
    await sleep(200);
    // It is in the middle of an event.
    expect([events.closed, eventCall.cancelled]).toEqual([false, false]);
    eventCall.body('2\n\n');
    await until('the events end', () => events.closed);
    expect(events.text.endsWith('2\n\n\r\n0\r\n\r\n')).toBe(true);
    expect([eventCall.cancelled, file.closed, fileCall.cancelled]).toEqual([true, false, false]);
    fileCall.body(' and half').done().end();
    await drained;
    await until('the file ends', () => file.closed);
    expect(file.text.endsWith(' and half\r\n0\r\n\r\n')).toBe(true);
  });

  it('cuts off what has not ended in time', async () => {
    const client = open().send(get('/x'));
    const call = await called();
    await gateway.edge.drain(300);
    await until('it is closed', () => client.closed);
    await call.cancellation;
    expect(client.text).toBe('');
  });
});
