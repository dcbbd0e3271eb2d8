import { ConnectionError, ErrorCode } from './error-code';
import { DEFAULT_FRAME_BYTES, Flag, FrameType } from './frame';

interface FrameRule {
  name: string;
  /** Whether it belongs to a stream, to the connection, or may do either. */
  on: 'stream' | 'connection' | 'both';
  /** Its payload has so many bytes. */
  bytes?: number;
  /** Its payload has at least so many bytes. */
  leastBytes?: number;
}

/** RFC 9113, sections 6.1 to 6.10, in the order of the types. */
const RULES: readonly FrameRule[] = [
  { name: 'DATA', on: 'stream' },
  { name: 'HEADERS', on: 'stream' },
  { name: 'PRIORITY', on: 'stream', bytes: 5 },
  { name: 'RST_STREAM', on: 'stream', bytes: 4 },
  { name: 'SETTINGS', on: 'connection' },
  { name: 'PUSH_PROMISE', on: 'stream' },
  { name: 'PING', on: 'connection', bytes: 8 },
  { name: 'GOAWAY', on: 'connection', leastBytes: 8 },
  { name: 'WINDOW_UPDATE', on: 'both', bytes: 4 },
  { name: 'CONTINUATION', on: 'stream' },
];

/**
 * What a frame's header shows to be wrong before its payload is there: its size, and the stream it stands on. Types that nobody has
 * defined may be anywhere (RFC 9113, section 5.5).
 * @throws ConnectionError
 */
export function checkFrame(type: number, flags: number, streamId: number, bytes: number): void {
  if (bytes > DEFAULT_FRAME_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `A frame of ${bytes} bytes is larger than ${DEFAULT_FRAME_BYTES}.`);
  const rule = RULES[type];
  if (!rule) return;
  const { name } = rule;
  if (streamId === 0 && rule.on === 'stream') throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${name} came on stream 0.`);
  if (streamId !== 0 && rule.on === 'connection') throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${name} came on a stream.`);
  if (rule.bytes !== undefined && bytes !== rule.bytes) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `${name} has ${bytes} bytes instead of ${rule.bytes}.`);
  }
  if (rule.leastBytes !== undefined && bytes < rule.leastBytes) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `${name} has only ${bytes} bytes.`);
  if (type === FrameType.SETTINGS && flags & Flag.ACK && bytes > 0) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'The acknowledgement of SETTINGS is not empty.');
  }
}
