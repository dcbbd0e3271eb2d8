import { setImmediate as turn } from 'node:timers/promises';
import { DeadlineList } from '../grpc/deadline-list';
import { frameMessage } from '../grpc/frame-message';
import { encodeHeaders } from '../hpack/hpack-encoder';
import { ErrorCode } from '../http2/error-code';
import { CLIENT_PREFACE, Flag, FRAME_HEADER_BYTES, frame, FrameType } from '../http2/frame';
import { encodeSettings, SettingId } from '../http2/settings';
import { FakeSocket } from '../testing/fake-socket';
import { ServerConnection } from './server-connection';
import type { ServerStream } from './server-stream';

const REQUEST = encodeHeaders([
  { name: ':method', value: 'POST' },
  { name: ':scheme', value: 'http' },
  { name: ':path', value: '/a.B/C' },
  { name: 'content-type', value: 'application/grpc' },
]);
const SETTINGS = frame(FrameType.SETTINGS, 0, 0);
const MESSAGE = frameMessage(Buffer.from('request'));

let socket: FakeSocket;
let connection: ServerConnection;
let streams: ServerStream[];
let ended: number;
let cancelled: number;

beforeEach(() => {
  socket = new FakeSocket(true);
  streams = [];
  ended = cancelled = 0;
  connection = new ServerConnection(socket.asSocket(), {
    deadlines: new DeadlineList(),
    maxMessageBytes: 1_000,
    maxConcurrentStreams: 10,
    onClosed: () => undefined,
    onRequest: (stream) => {
      streams.push(stream);
      stream.listener = { onMessage: () => undefined, onRequestEnd: () => void (ended += 1), onCancelled: () => void (cancelled += 1), onSent: () => undefined, onDrained: () => undefined };
    },
  });
});

afterEach(() => connection.close('The test is over.'));

const open = (streamId: number, endStream = false) => frame(FrameType.HEADERS, Flag.END_HEADERS | (endStream ? Flag.END_STREAM : 0), streamId, REQUEST);
const word = (type: number, streamId: number, value: number) => frame(type, 0, streamId, Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]));

function say(...frames: Buffer[]): void {
  socket.emit('data', Buffer.concat(frames));
}

/** What has been sent since the last time, as `type:stream:first word of the payload`. */
async function heard(): Promise<string[]> {
  await turn();
  const bytes = Buffer.concat(socket.written.splice(0));
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; at += FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3)) {
    const name = Object.entries(FrameType).find(([, type]) => type === bytes[at + 3])![0];
    const first = bytes[at + 3] === FrameType.RST_STREAM ? bytes.readUInt32BE(at + 9) : bytes[at + 3] === FrameType.GOAWAY ? `${bytes.readUInt32BE(at + 9)}:${bytes.readUInt32BE(at + 13)}` : '';
    frames.push(`${name}:${bytes.readUInt32BE(at + 5)}:${first}`);
  }
  return frames;
}

async function begin(...frames: Buffer[]): Promise<void> {
  say(CLIENT_PREFACE, SETTINGS, ...frames);
  await heard();
}

it('names the last stream that it began when it says goodbye, so that nobody sends it again', async () => {
  await begin(open(1), open(7));
  connection.close('The server is closed.');
  expect(await heard()).toEqual(['GOAWAY:0:7:0']);
  expect(cancelled).toBe(2);
});

it('runs a request once, however often it ends', async () => {
  await begin(open(1), frame(FrameType.DATA, Flag.END_STREAM, 1, MESSAGE));
  expect(ended).toBe(1);
  say(frame(FrameType.DATA, Flag.END_STREAM, 1, MESSAGE));
  expect(await heard()).toEqual([`RST_STREAM:1:${ErrorCode.STREAM_CLOSED}`]);
  expect([ended, cancelled, connection.openStreams]).toEqual([1, 1, 0]);
});

it('refuses trailers behind the end, and those that end nothing', async () => {
  const trailers = encodeHeaders([{ name: 'x-a', value: '1' }]);
  await begin(open(1, true), open(3), open(5));
  say(frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 1, trailers));
  say(frame(FrameType.HEADERS, Flag.END_HEADERS, 3, trailers));
  say(frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 5, trailers));
  expect(await heard()).toEqual([`RST_STREAM:1:${ErrorCode.STREAM_CLOSED}`, `RST_STREAM:3:${ErrorCode.PROTOCOL_ERROR}`]);
  expect(ended).toBe(2);
});

it('keeps the credit that comes before there is an answer', async () => {
  say(CLIENT_PREFACE, frame(FrameType.SETTINGS, 0, 0, encodeSettings([[SettingId.INITIAL_WINDOW_SIZE, 0]])), open(1, true), word(FrameType.WINDOW_UPDATE, 1, 100));
  await heard();
  streams[0]!.answer(Buffer.from('answer'));
  expect(await heard()).toEqual(['HEADERS:1:', 'DATA:1:', 'HEADERS:1:']);
});

it('drops what nobody takes any more when the deadline comes', async () => {
  say(CLIENT_PREFACE, frame(FrameType.SETTINGS, 0, 0, encodeSettings([[SettingId.INITIAL_WINDOW_SIZE, 0]])), open(1, true));
  await heard();
  expect(streams[0]!.write(Buffer.alloc(20_000))).toBe(false);
  streams[0]!.onDeadline();
  expect(await heard()).toEqual(['HEADERS:1:', 'HEADERS:1:']);
  expect(connection.openStreams).toBe(0);
});

it('refuses streams beyond those that it allows', async () => {
  await begin(...Array.from({ length: 12 }, (_, index) => open(2 * index + 1)));
  expect(connection.openStreams).toBe(10);
  say(open(101));
  expect(await heard()).toEqual([`RST_STREAM:101:${ErrorCode.REFUSED_STREAM}`]);
});

it('refuses a request that is none without hurting others', async () => {
  await begin(open(1));
  say(frame(FrameType.HEADERS, Flag.END_HEADERS, 3, encodeHeaders([{ name: ':method', value: 'POST' }])));
  expect(await heard()).toEqual([`RST_STREAM:3:${ErrorCode.PROTOCOL_ERROR}`]);
  expect(connection.openStreams).toBe(1);
});

/** 200,000 frames come in within a moment. */
const FLOOD = 200_000;

it.each([
  ['PING', frame(FrameType.PING, 0, 0, Buffer.alloc(8)), ErrorCode.ENHANCE_YOUR_CALM],
  ['SETTINGS', SETTINGS, ErrorCode.ENHANCE_YOUR_CALM],
  ['empty DATA', frame(FrameType.DATA, 0, 1), ErrorCode.ENHANCE_YOUR_CALM],
  ['CONTINUATION', frame(FrameType.CONTINUATION, 0, 3), ErrorCode.ENHANCE_YOUR_CALM],
  ['WINDOW_UPDATE', word(FrameType.WINDOW_UPDATE, 0, 100_000), ErrorCode.FLOW_CONTROL_ERROR],
  ['empty WINDOW_UPDATE', word(FrameType.WINDOW_UPDATE, 0, 0), ErrorCode.PROTOCOL_ERROR],
])('ends the connection in a flood of %s', async (name, flood, code) => {
  await begin(open(1), ...(name === 'CONTINUATION' ? [frame(FrameType.HEADERS, 0, 3)] : []));
  for (let sent = 0; sent < FLOOD && !socket.destroyed; sent += 1_000) say(...Array.from({ length: 1_000 }, () => flood));
  expect(socket.destroyed).toBe(true);
  expect((await heard()).at(-1)).toBe(`GOAWAY:0:${1}:${code}`);
  expect(cancelled).toBe(1);
});

it('ends the connection of a client that opens streams only to reset them', async () => {
  await begin();
  for (let id = 1; id < 4 * FLOOD && !socket.destroyed; id += 2) say(open(id), word(FrameType.RST_STREAM, id, ErrorCode.CANCEL));
  expect(socket.destroyed).toBe(true);
  expect(connection.openStreams).toBe(0);
});

it('ends the connection of a client that asks and reads nothing', async () => {
  await begin();
  socket.writableLength = 17 * 1_048_576;
  say(frame(FrameType.PING, 0, 0, Buffer.alloc(8)));
  expect(socket.destroyed).toBe(true);
});

it('takes no header bomb', async () => {
  await begin();
  // An entry of 4,000 bytes in the table, and then its index again and again.
  const bomb = Buffer.concat([Buffer.from('4001617fa11e', 'hex'), Buffer.alloc(4_000, 'x'), Buffer.alloc(12_000, 0xbe)]);
  say(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, bomb));
  expect(await heard()).toEqual([`GOAWAY:0:1:${ErrorCode.COMPRESSION_ERROR}`]);
});
