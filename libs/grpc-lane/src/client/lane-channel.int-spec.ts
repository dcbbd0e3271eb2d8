import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { CallError, Status } from '../grpc/status';
import { LaneChannel } from './lane-channel';

const bytes = { requestSerialize: (value: Buffer) => value, requestDeserialize: (value: Buffer) => value, responseSerialize: (value: Buffer) => value, responseDeserialize: (value: Buffer) => value };
const SERVICE = {
  echo: { path: '/test.Echo/Echo', requestStream: false, responseStream: false, ...bytes },
  fail: { path: '/test.Echo/Fail', requestStream: false, responseStream: false, ...bytes },
  hang: { path: '/test.Echo/Hang', requestStream: false, responseStream: false, ...bytes },
  count: { path: '/test.Echo/Count', requestStream: false, responseStream: true, ...bytes },
};

let folder: string;
let server: Server;
let channel: LaneChannel;
let cancelled: Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lane-'));
  const path = join(folder, 's');
  let onCancelled: () => void;
  cancelled = new Promise((resolve) => (onCancelled = resolve));
  server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(SERVICE, {
    echo: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => callback(null, call.request),
    fail: (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => callback({ code: Status.NOT_FOUND, details: 'nicht da: 100 % ä', metadata: new Metadata() }),
    hang: (call: ServerUnaryCall<Buffer, Buffer>) => void call.on('cancelled', () => onCancelled()),
    count: (call: ServerWritableStream<Buffer, Buffer>) => {
      const [messages, size] = JSON.parse(call.request.toString()) as [number, number];
      let sent = 0;
      const more = () => {
        while (sent < messages) if (!call.write(Buffer.alloc(size, sent++ & 0xff))) return void call.once('drain', more);
        call.end();
      };
      call.on('cancelled', () => onCancelled());
      more();
    },
  });
  await new Promise<void>((resolve, reject) => server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())));
  channel = new LaneChannel({ path });
});

afterEach(() => {
  channel.close();
  server.forceShutdown();
  rmSync(folder, { recursive: true, force: true });
});

function unary(method: string, request: Buffer, deadlineMs = 10_000): Promise<Buffer> {
  return new Promise((resolve, reject) => channel.unary(`/test.Echo/${method}`, request, { deadlineMs }, { onResponse: (response) => resolve(Buffer.from(response)), onError: reject }));
}

it.each([0, 1, 1_000, 16_384, 65_530, 100_000, 5_000_000])('carries a request and an answer of %i bytes', async (size) => {
  const request = Buffer.alloc(size, 7);
  expect((await unary('Echo', request)).equals(request)).toBe(true);
});

it('carries a thousand calls at once, each with its own answer', async () => {
  const requests = Array.from({ length: 1_000 }, (_, index) => Buffer.alloc((index * 37) % 5_000, index & 0xff));
  const answers = await Promise.all(requests.map((request) => unary('Echo', request)));
  expect(answers.every((answer, index) => answer.equals(requests[index]!))).toBe(true);
  expect(channel.activeCalls).toBe(0);
});

it('tells the status and the message of a failure', async () => {
  const error = await unary('Fail', Buffer.alloc(1)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({ status: Status.NOT_FOUND, message: 'nicht da: 100 % ä', sent: true });
});

it('ends a call at its deadline and tells the peer', async () => {
  await expect(unary('Hang', Buffer.alloc(1), 100)).rejects.toMatchObject({ status: Status.DEADLINE_EXCEEDED });
  await cancelled;
});

it('cancels a call, and the peer hears of it', async () => {
  await unary('Echo', Buffer.alloc(1));
  const heard = jest.fn();
  const call = channel.unary('/test.Echo/Hang', Buffer.alloc(1), { deadlineMs: 10_000 }, { onResponse: heard, onError: heard });
  setTimeout(() => call.cancel(), 20);
  await cancelled;
  expect(heard).not.toHaveBeenCalled();
  expect(channel.activeCalls).toBe(0);
});

it('delivers a stream in its order, and holds its sender while the reader has paused', async () => {
  const received: number[] = [];
  const messages = 2_000;
  await new Promise<void>((resolve, reject) => {
    const call = channel.serverStream('/test.Echo/Count', Buffer.from(JSON.stringify([messages, 1_000])), { deadlineMs: 20_000 }, {
      onMessage: (message) => {
        received.push(message[0]!);
        if (received.length % 100 !== 0) return;
        call.pause();
        const before = received.length;
        setTimeout(() => {
          if (received.length !== before) reject(new Error('A paused reader got a message.'));
          call.resume();
        }, 5);
      },
      onEnd: resolve,
      onError: reject,
    });
  });
  expect(received).toEqual(Array.from({ length: messages }, (_, index) => index & 0xff));
});

it('says that a call never left when there is nobody', async () => {
  const nobody = new LaneChannel({ path: join(folder, 'nobody') });
  const error = await new Promise((resolve) => nobody.unary('/test.Echo/Echo', Buffer.alloc(1), { deadlineMs: 1_000 }, { onResponse: resolve, onError: resolve }));
  expect(error).toMatchObject({ status: Status.UNAVAILABLE, sent: false });
  nobody.close();
});
