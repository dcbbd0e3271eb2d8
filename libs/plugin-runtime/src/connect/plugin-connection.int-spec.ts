import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData } from '@grpc/grpc-js';
import { systemClock } from '@sluice/kernel';
import { until } from '../testing/test-host';
import { callUnary, type ChannelError } from './plugin-channel';
import { PluginConnection } from './plugin-connection';
import { StreamPace } from './stream-pace';

const raw = { requestSerialize: (b: Buffer) => b, requestDeserialize: (b: Buffer) => b, responseSerialize: (b: Buffer) => b, responseDeserialize: (b: Buffer) => b };
const ECHO = '/test.Peer/Echo';
const HANG = '/test.Peer/Hang';
const COUNT = '/test.Peer/Count';
/** Asks for messages of so many bytes. */
const LARGE = 1;
const LARGE_BYTES = 500_000;

const directory = mkdtempSync(join(tmpdir(), 'slc-'));
const server = new Server();
let authority = '';
let cancelled = 0;
let connection: PluginConnection;

beforeAll(async () => {
  const unary = (path: string) => ({ path, requestStream: false, responseStream: false, ...raw });
  server.addService(
    { echo: unary(ECHO), hang: unary(HANG), count: { ...unary(COUNT), responseStream: true } },
    {
      echo: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        authority = call.getHost();
        answer(null, call.request);
      },
      hang: (call: ServerUnaryCall<Buffer, Buffer>) => call.on('cancelled', () => (cancelled += 1)),
      count: (call: ServerWritableStream<Buffer, Buffer>) => {
        for (let n = 0; n < 5; n += 1) call.write(Buffer.alloc(call.request[0] === LARGE ? LARGE_BYTES : 1, n));
        call.end();
      },
    },
  );
  const path = join(directory, 's');
  await new Promise((resolve, reject) => server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))));
});

afterAll(() => {
  server.forceShutdown();
  rmSync(directory, { recursive: true, force: true });
});

const statusOf = (call: Promise<unknown>) => call.then(() => 0, (error: ChannelError) => error.status);

describe.each(['grpc-js', 'lane'] as const)('PluginConnection over %s', (transport) => {
  beforeAll(async () => {
    cancelled = 0;
    connection = new PluginConnection({ network: 'unix', path: join(directory, 's') }, { transport });
    expect(await connection.ready(5_000)).toBe(true);
  });

  afterAll(() => connection.close());

  it('passes bytes through, under an authority that compiled plugins accept', async () => {
    const answer = await callUnary(connection.calls, ECHO, Buffer.from('ping'), { deadlineMs: 5_000 });
    expect(Buffer.from(answer).toString()).toBe('ping');
    expect(authority).toBe('localhost');
  });

  it('sends what part of a larger buffer it is given', async () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    expect([...(await callUnary(connection.calls, ECHO, whole.subarray(1, 3), { deadlineMs: 5_000 }))]).toEqual([2, 3]);
  });

  it('gives the status of a method that the peer does not have', async () => {
    expect(await statusOf(callUnary(connection.calls, '/test.Peer/Nothing', Buffer.alloc(0), { deadlineMs: 5_000 }))).toBe(12);
  });

  it('ends a request that is too large for the peer as RESOURCE_EXHAUSTED and goes on', async () => {
    expect(await statusOf(callUnary(connection.calls, ECHO, Buffer.alloc(5 * 1024 * 1024), { deadlineMs: 5_000 }))).toBe(8);
    expect(await statusOf(callUnary(connection.calls, ECHO, Buffer.from('x'), { deadlineMs: 5_000 }))).toBe(0);
  });

  it('tells the peer of a cancellation and the observer nothing', async () => {
    const heard: string[] = [];
    const observer = { onResponse: () => heard.push('response'), onError: () => heard.push('error') };
    const call = connection.calls.unary(HANG, Buffer.alloc(0), { deadlineMs: 5_000 }, observer);
    expect(connection.calls.activeCalls).toBe(1);
    await callUnary(connection.calls, ECHO, Buffer.alloc(0), { deadlineMs: 5_000 });
    call.cancel();
    call.cancel();
    expect(connection.calls.activeCalls).toBe(0);
    await until(() => cancelled === 1, 5_000);
    expect(heard).toEqual([]);
  });

  it('keeps messages and the end of a stream for a reader that pauses', async () => {
    const heard: (number | string)[] = [];
    const stream = connection.calls.serverStream(COUNT, Buffer.alloc(0), { deadlineMs: 5_000 }, {
      onMessage: ([n]) => {
        heard.push(n!);
        stream.pause();
      },
      onEnd: () => heard.push('end'),
      onError: ({ message }) => heard.push(message),
    });
    for (let n = 0; n < 5; n += 1) {
      await until(() => heard.length === n + 1, 5_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(heard).toEqual(Array.from({ length: n + 1 }, (_, index) => index));
      stream.resume();
    }
    await until(() => heard.length === 6, 5_000);
    expect(heard).toEqual([0, 1, 2, 3, 4, 'end']);
  });

  it('refuses a message that is larger than it may be, before it is read, and goes on', async () => {
    const bounded = new PluginConnection({ network: 'unix', path: join(directory, 's') }, { messageBytes: 100_000, transport });
    const heard: number[][] = [];
    bounded.calls.watch = { received: () => undefined, streamTimedOut: () => undefined, refusedMessage: (...sizes) => heard.push(sizes) };
    expect(await bounded.ready(5_000)).toBe(true);
    expect(await statusOf(callUnary(bounded.calls, ECHO, Buffer.alloc(100_000), { deadlineMs: 5_000 }))).toBe(0);
    expect(await statusOf(callUnary(bounded.calls, ECHO, Buffer.alloc(100_001), { deadlineMs: 5_000 }))).toBe(8);
    expect(heard).toEqual([[100_001, 100_000]]);
    expect(await statusOf(callUnary(bounded.calls, ECHO, Buffer.from('x'), { deadlineMs: 5_000 }))).toBe(0);
    bounded.close();
  });

  it('takes turns with a stream that may move little, and loses nothing of it', async () => {
    const paced = new PluginConnection({ network: 'unix', path: join(directory, 's') }, { transport });
    // A megabyte at once, and then half of one in 10 ms.
    paced.calls.pacing = new StreamPace(50_000_000, systemClock, () => undefined);
    expect(await paced.ready(5_000)).toBe(true);
    const heard: (number | string)[] = [];
    const beganAt = performance.now();
    paced.calls.serverStream(COUNT, Buffer.from([LARGE]), { deadlineMs: 5_000 }, {
      onMessage: ([n]) => heard.push(n!),
      onEnd: () => heard.push('end'),
      onError: ({ message }) => heard.push(message),
    });
    await until(() => heard.length === 6, 5_000);
    expect(heard).toEqual([0, 1, 2, 3, 4, 'end']);
    expect(performance.now() - beganAt).toBeGreaterThan(15);
    paced.close();
  });

  it('ends every call as UNAVAILABLE when it is closed, and takes no more', async () => {
    const hanging = statusOf(callUnary(connection.calls, HANG, Buffer.alloc(0), { deadlineMs: 5_000 }));
    connection.calls.close();
    expect(await hanging).toBe(14);
    expect(await statusOf(callUnary(connection.calls, ECHO, Buffer.alloc(0), { deadlineMs: 5_000 }))).toBe(14);
    expect(await statusOf(callUnary(connection.control, ECHO, Buffer.alloc(0), { deadlineMs: 5_000 }))).toBe(0);
  });

  it('tells a call that the peer may have begun from one that it cannot have', async () => {
    const path = join(directory, 'dies');
    const peer = new Server();
    peer.addService({ hang: { path: HANG, requestStream: false, responseStream: false, ...raw } }, { hang: () => undefined });
    await new Promise((resolve, reject) => peer.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))));
    const doomed = new PluginConnection({ network: 'unix', path }, { transport });
    expect(await doomed.ready(5_000)).toBe(true);
    const failureOf = (call: Promise<unknown>) => call.then(() => undefined, ({ sent }: ChannelError) => ({ sent }));
    const inFlight = failureOf(callUnary(doomed.calls, HANG, Buffer.alloc(0), { deadlineMs: 5_000 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    peer.forceShutdown();
    expect(await inFlight).toEqual({ sent: true });
    rmSync(path, { force: true });
    expect(await failureOf(callUnary(doomed.calls, HANG, Buffer.alloc(0), { deadlineMs: 5_000 }))).toEqual({ sent: false });
    doomed.close();
  });
});
