import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { Status } from '../grpc/status';
import { ECHO_SERVICE, type EchoServer, startEchoServer } from '../testing/echo-server';

const EchoClient = makeGenericClientConstructor(ECHO_SERVICE, 'Echo');
const same = (value: Buffer) => value;

let folder: string;
let server: EchoServer;
let client: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lane-'));
  server = await startEchoServer('the lane', join(folder, 's'));
  client = new EchoClient(`unix:${folder}/s`, credentials.createInsecure(), { 'grpc.default_authority': 'localhost', 'grpc.max_receive_message_length': -1 });
});

afterEach(() => {
  client.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function unary(method: string, request: Buffer, deadlineMs = 10_000): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(`/test.Echo/${method}`, same, same, request, { deadline: Date.now() + deadlineMs }, (error, value) => (error ? reject(error) : resolve(value!))),
  );
}

it.each([0, 1, 16_384, 65_530, 3_000_000])('answers @grpc/grpc-js with %i bytes', async (size) => {
  const request = Buffer.alloc(size, 7);
  expect((await unary('Echo', request)).equals(request)).toBe(true);
});

it('tells @grpc/grpc-js the status and the message of a failure', async () => {
  await expect(unary('Fail', Buffer.alloc(1))).rejects.toMatchObject({ code: Status.NOT_FOUND, details: 'nicht da: 100 % ä' });
});

it('says which method it does not have', async () => {
  await expect(unary('Other', Buffer.alloc(1))).rejects.toMatchObject({ code: Status.UNIMPLEMENTED, details: 'The server does not implement the method /test.Echo/Other' });
});

it('tells its handler that the deadline has passed', async () => {
  await expect(unary('Hang', Buffer.alloc(1), 100)).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  await server.cancelled;
});

it('streams to @grpc/grpc-js no faster than it is read', async () => {
  const stream = client.makeServerStreamRequest('/test.Echo/Count', same, same, Buffer.from('[3000, 1000]'));
  const received: number[] = [];
  for await (const message of stream as AsyncIterable<Buffer>) {
    received.push(message[0]!);
    if (received.length % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(received).toEqual(Array.from({ length: 3_000 }, (_, index) => index & 0xff));
});

it('hears that a stream was cancelled', async () => {
  const stream = client.makeServerStreamRequest('/test.Echo/Count', same, same, Buffer.from('[1000000, 1000]'));
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.once('data', resolve));
  stream.cancel();
  await server.cancelled;
});

it('talks in both directions on one call', async () => {
  const chat = client.makeBidiStreamRequest('/test.Echo/Chat', same, same);
  const ended = new Promise<void>((resolve, reject) => chat.on('end', resolve).on('error', (error: ServiceError) => reject(error)));
  for (let index = 0; index < 10; index++) {
    const answer = new Promise<Buffer>((resolve) => chat.once('data', resolve));
    chat.write(Buffer.from([index]));
    expect([...(await answer)]).toEqual([index]);
  }
  chat.end();
  await ended;
});
