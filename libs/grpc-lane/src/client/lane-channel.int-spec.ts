import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallError, Status } from '../grpc/status';
import { type EchoServer, SERVERS, startEchoServer } from '../testing/echo-server';
import { LaneChannel } from './lane-channel';

let folder: string;
let server: EchoServer;
let channel: LaneChannel;

describe.each(SERVERS)('with a server of %s', (kind) => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lane-'));
    const path = join(folder, 's');
    server = await startEchoServer(kind, path);
    channel = new LaneChannel({ path });
  });

  afterEach(() => {
    channel.close();
    server.close();
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
    await server.cancelled;
  });

  it('cancels a call, and the peer hears of it', async () => {
    await unary('Echo', Buffer.alloc(1));
    const heard = jest.fn();
    const call = channel.unary('/test.Echo/Hang', Buffer.alloc(1), { deadlineMs: 10_000 }, { onResponse: heard, onError: heard });
    setTimeout(() => call.cancel(), 20);
    await server.cancelled;
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
});
