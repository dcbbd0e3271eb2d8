import { DeadlineList } from '../../grpc/deadline-list';
import { frameMessage } from '../../grpc/frame-message';
import { encodeHeaders } from '../../hpack/hpack-encoder';
import { CLIENT_PREFACE, Flag, frame, FrameType } from '../../http2/frame';
import { encodeSettings, SettingId } from '../../http2/settings';
import { type MethodDefinition, ServerCall } from '../../server/server-call';
import { ServerConnection } from '../../server/server-connection';
import { FakeSocket } from '../fake-socket';
import type { Random } from '../random';
import { mutate } from './mutate';

const request = (path: string, timeout: string) =>
  encodeHeaders([
    { name: ':method', value: 'POST' },
    { name: ':scheme', value: 'http' },
    { name: ':path', value: path },
    { name: ':authority', value: 'localhost' },
    { name: 'te', value: 'trailers' },
    { name: 'content-type', value: 'application/grpc' },
    { name: 'grpc-timeout', value: timeout },
  ]);
const UNARY = request('/unary', '60S');
const CHAT = request('/chat', '60S');
const MESSAGE = frameMessage(Buffer.from('a request of some bytes'));

const HONEST = [
  CLIENT_PREFACE,
  frame(FrameType.SETTINGS, 0, 0, encodeSettings([[SettingId.HEADER_TABLE_SIZE, 0], [SettingId.INITIAL_WINDOW_SIZE, 100], [SettingId.ENABLE_PUSH, 0]])),
  frame(FrameType.WINDOW_UPDATE, 0, 0, Buffer.from([0, 1, 0, 0])),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 1, UNARY),
  frame(FrameType.DATA, Flag.END_STREAM, 1, MESSAGE),
  frame(FrameType.SETTINGS, Flag.ACK, 0),
  frame(FrameType.HEADERS, 0, 3, CHAT.subarray(0, 9)),
  frame(FrameType.CONTINUATION, Flag.END_HEADERS, 3, CHAT.subarray(9)),
  frame(FrameType.DATA, Flag.PADDED, 3, Buffer.concat([Buffer.from([2]), MESSAGE, MESSAGE, Buffer.alloc(2)])),
  frame(FrameType.WINDOW_UPDATE, 0, 3, Buffer.from([0, 0, 1, 0])),
  frame(FrameType.PING, 0, 0, Buffer.alloc(8)),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 5, UNARY),
  frame(FrameType.DATA, 0, 5, MESSAGE.subarray(0, 9)),
  frame(FrameType.RST_STREAM, 0, 5, Buffer.from([0, 0, 0, 8])),
  frame(FrameType.DATA, Flag.END_STREAM, 3, MESSAGE),
  frame(FrameType.GOAWAY, 0, 0, Buffer.alloc(8)),
];

const bytes = { requestDeserialize: (value: Buffer) => value, responseSerialize: (value: Buffer) => value };
const METHODS: Record<string, MethodDefinition> = {
  '/unary': { path: '/unary', requestStream: false, responseStream: false, ...bytes },
  '/chat': { path: '/chat', requestStream: true, responseStream: true, ...bytes },
};

/** One hostile client against one server connection, and the deadlines that it shares with others. @returns what went wrong on this side, or undefined */
export function attackServer(random: Random, deadlines: DeadlineList): string | undefined {
  const socket = new FakeSocket();
  let begun = 0;
  let closed = 0;
  const twice: string[] = [];
  const connection = new ServerConnection(socket.asSocket(), {
    deadlines,
    maxMessageBytes: 100_000,
    maxConcurrentStreams: 100,
    onClosed: () => (closed += 1),
    onRequest: (stream, { path }) => {
      const method = METHODS[path];
      if (!method) return stream.fail(12, 'no such method');
      let runs = 0;
      const call = new ServerCall(stream, method, (running, respond) => {
        begun += 1;
        if (++runs > 1) twice.push(path);
        if (!method.requestStream) return respond(null, running.request);
        running.on('data', (message: Buffer) => running.write(message)).on('end', () => running.end());
      }, 'hostile');
      stream.listener = call;
      if (method.requestStream) call.start();
    },
  });
  let sentBytes = 0;
  for (const piece of mutate(random, HONEST)) {
    sentBytes += piece.length;
    socket.emit('data', piece);
  }
  if (random.oneIn(2)) socket.emit('end');
  socket.destroy();
  connection.close('The test is over.');
  if (twice.length > 0) return `a handler ran twice for one call`;
  if (closed !== 1) return `the connection closed ${closed} times`;
  if (connection.openStreams > 0 || deadlines.size > 0) return `${connection.openStreams} streams and ${deadlines.size} deadlines are left`;
  if (begun > sentBytes / 20) return `${begun} calls of ${sentBytes} bytes`;
  return socket.writtenBytes > 2_000 + 20 * sentBytes ? `${socket.writtenBytes} bytes were written for ${sentBytes}` : undefined;
}
