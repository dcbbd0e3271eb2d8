import { ErrorCode } from './error-code';
import { Flag, FrameType } from './frame';
import { checkFrame } from './frame-rules';

it.each([
  ['DATA on stream 0', FrameType.DATA, 0, 0, 1, ErrorCode.PROTOCOL_ERROR],
  ['HEADERS on stream 0', FrameType.HEADERS, 0, 0, 1, ErrorCode.PROTOCOL_ERROR],
  ['PRIORITY on stream 0', FrameType.PRIORITY, 0, 0, 5, ErrorCode.PROTOCOL_ERROR],
  ['PRIORITY of 4 bytes', FrameType.PRIORITY, 0, 1, 4, ErrorCode.FRAME_SIZE_ERROR],
  ['RST_STREAM on stream 0', FrameType.RST_STREAM, 0, 0, 4, ErrorCode.PROTOCOL_ERROR],
  ['RST_STREAM of 5 bytes', FrameType.RST_STREAM, 0, 1, 5, ErrorCode.FRAME_SIZE_ERROR],
  ['SETTINGS on a stream', FrameType.SETTINGS, 0, 1, 0, ErrorCode.PROTOCOL_ERROR],
  ['an acknowledgement of SETTINGS with settings', FrameType.SETTINGS, Flag.ACK, 0, 6, ErrorCode.FRAME_SIZE_ERROR],
  ['PING on a stream', FrameType.PING, 0, 1, 8, ErrorCode.PROTOCOL_ERROR],
  ['PING of 7 bytes', FrameType.PING, 0, 0, 7, ErrorCode.FRAME_SIZE_ERROR],
  ['GOAWAY on a stream', FrameType.GOAWAY, 0, 1, 8, ErrorCode.PROTOCOL_ERROR],
  ['GOAWAY of 7 bytes', FrameType.GOAWAY, 0, 0, 7, ErrorCode.FRAME_SIZE_ERROR],
  ['WINDOW_UPDATE of 3 bytes', FrameType.WINDOW_UPDATE, 0, 1, 3, ErrorCode.FRAME_SIZE_ERROR],
  ['a frame larger than this side allowed', FrameType.DATA, 0, 1, 16_385, ErrorCode.FRAME_SIZE_ERROR],
])('refuses %s', (_name, type, flags, streamId, bytes, code) => {
  expect(() => checkFrame(type, flags, streamId, bytes)).toThrow(expect.objectContaining({ code }));
});

it.each([
  ['WINDOW_UPDATE of the connection', FrameType.WINDOW_UPDATE, 0, 4],
  ['WINDOW_UPDATE of a stream', FrameType.WINDOW_UPDATE, 1, 4],
  ['GOAWAY with a reason', FrameType.GOAWAY, 0, 100],
  ['the largest frame', FrameType.DATA, 1, 16_384],
  ['a type that nobody has defined, anywhere', 0x42, 0, 3],
])('lets %s through', (_name, type, streamId, bytes) => {
  expect(() => checkFrame(type, 0, streamId, bytes)).not.toThrow();
});
