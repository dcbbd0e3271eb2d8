import type { Socket } from 'node:net';
import { LaneChannel } from '../../client/lane-channel';
import { frameMessage } from '../../grpc/frame-message';
import type { CallError } from '../../grpc/status';
import { encodeHeaders } from '../../hpack/hpack-encoder';
import { Flag, frame, FrameType } from '../../http2/frame';
import { encodeSettings, SettingId } from '../../http2/settings';
import { FakeSocket } from '../fake-socket';
import type { Random } from '../random';
import { mutate } from './mutate';

const START = encodeHeaders([
  { name: ':status', value: '200' },
  { name: 'content-type', value: 'application/grpc' },
]);
const TABLE = Buffer.from('88400a637573746f6d2d6b65790d637573746f6d2d686561646572', 'hex');
const OK = encodeHeaders([{ name: 'grpc-status', value: '0' }]);
const FAILED = encodeHeaders([
  { name: 'grpc-status', value: '5' },
  { name: 'grpc-message', value: 'not%20here' },
]);
const MESSAGE = frameMessage(Buffer.from('an answer of some bytes'));
const BOTH = Flag.END_HEADERS | Flag.END_STREAM;

/** Calls that were made while the peer of their channel said these things. */
const HONEST = [
  frame(FrameType.SETTINGS, 0, 0, encodeSettings([[SettingId.MAX_CONCURRENT_STREAMS, 100], [SettingId.INITIAL_WINDOW_SIZE, 70_000], [SettingId.MAX_FRAME_SIZE, 20_000]])),
  frame(FrameType.SETTINGS, Flag.ACK, 0),
  frame(FrameType.WINDOW_UPDATE, 0, 0, Buffer.from([0, 1, 0, 0])),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 1, START),
  frame(FrameType.DATA, 0, 1, MESSAGE),
  frame(FrameType.HEADERS, BOTH, 1, OK),
  frame(FrameType.HEADERS, 0, 3, START.subarray(0, 4)),
  frame(FrameType.CONTINUATION, Flag.END_HEADERS, 3, START.subarray(4)),
  frame(FrameType.DATA, Flag.PADDED, 3, Buffer.concat([Buffer.from([3]), MESSAGE, MESSAGE, Buffer.alloc(3)])),
  frame(FrameType.PING, 0, 0, Buffer.alloc(8)),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 5, TABLE),
  frame(FrameType.DATA, 0, 5, MESSAGE.subarray(0, 7)),
  frame(FrameType.DATA, 0, 5, MESSAGE.subarray(7)),
  frame(FrameType.HEADERS, BOTH, 3, FAILED),
  frame(FrameType.RST_STREAM, 0, 7, Buffer.from([0, 0, 0, 8])),
  frame(FrameType.GOAWAY, 0, 0, Buffer.concat([Buffer.from([0, 0, 0, 5, 0, 0, 0, 0]), Buffer.from('bye')])),
];

/** One hostile server against one channel with five calls. @returns what went wrong on this side, or undefined */
export function attackClient(random: Random): string | undefined {
  const socket = new FakeSocket();
  let read: (bytes: number) => boolean = () => false;
  let buffer: Buffer = Buffer.alloc(0);
  let opened = 0;
  const open = (_path: string, into: Buffer, onBytes: (bytes: number) => boolean): Socket => {
    if (opened++ > 0) return new FakeSocket().asSocket();
    [buffer, read] = [into, onBytes];
    return socket.asSocket();
  };
  const channel = new LaneChannel({ path: '', open, maxMessageBytes: 100_000 });
  socket.emit('connect');
  const ends = [0, 0, 0, 0, 0];
  const errors: unknown[] = [];
  const ended = (call: number) => (error?: CallError | Uint8Array) => {
    ends[call]! += 1;
    if (error instanceof Error) errors.push(error);
  };
  const request = Buffer.alloc(random.of([0, 10, 5_000, 80_000]));
  for (const call of [0, 4]) channel.unary('/test.Plan/Unary', request, { deadlineMs: 60_000 }, { onResponse: ended(call), onError: ended(call) });
  const streams = [1, 2, 3].map((call) => channel.serverStream('/test.Plan/Stream', request, { deadlineMs: 60_000 }, { onMessage: () => undefined, onEnd: ended(call), onError: ended(call) }));
  if (random.oneIn(2)) streams[0]!.pause();
  let sentBytes = 0;
  for (const piece of mutate(random, HONEST)) {
    sentBytes += piece.length;
    piece.copy(buffer);
    if (!read(piece.length)) break;
  }
  streams[0]!.resume();
  if (random.oneIn(2)) socket.emit('end');
  socket.destroy();
  channel.close();
  if (channel.activeCalls > 0) return `${channel.activeCalls} calls are left`;
  // One of them may have found out in a microtask that the channel is closed.
  if (ends.some((count) => count > 1)) return `calls ended ${ends.join(', ')} times`;
  if (ends.some((count) => count === 0)) return `calls ended ${ends.join(', ')} times`;
  const strange = errors.find((error) => !(error instanceof Error && error.name === 'CallError'));
  if (strange) return `a call ended with ${String(strange)}`;
  return socket.writtenBytes > 500_000 + 20 * sentBytes ? `${socket.writtenBytes} bytes were written for ${sentBytes}` : undefined;
}
