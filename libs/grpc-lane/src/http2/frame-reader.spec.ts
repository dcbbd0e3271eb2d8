import { ErrorCode } from './error-code';
import { Flag, frame, FrameType } from './frame';
import { FrameReader } from './frame-reader';

/** What a reader heard; DATA of one frame put together again. */
class Heard {
  readonly lines: string[] = [];
  private data = '';
  private flow = 0;

  onData(streamId: number, bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    this.data += bytes.toString('latin1', start, end);
    this.flow += flowBytes;
    if (!endStream) return;
    this.lines.push(`data ${streamId} ${this.data} ${this.flow}`);
    this.data = '';
    this.flow = 0;
  }

  onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    this.lines.push(`headers ${streamId} ${bytes.toString('latin1', start, end)} ${endStream}`);
  }

  onControl(type: number, flags: number, streamId: number, payload: Buffer): void {
    this.lines.push(`control ${type} ${flags} ${streamId} ${payload.toString('hex')}`);
  }
}

const LIMITS = { maxBlockBytes: 100, maxContinuations: 3 };
const text = (value: string) => Buffer.from(value, 'latin1');
const padded = (pad: number, value: string) => Buffer.concat([Buffer.from([pad]), text(value), Buffer.alloc(pad)]);

function read(bytes: Buffer, cuts: readonly number[] = []): string[] {
  const heard = new Heard();
  const reader = new FrameReader(heard, LIMITS);
  const ends = [...cuts, bytes.length];
  ends.forEach((end, index) => {
    // In a buffer that is used again, as those of sockets are.
    const piece = Buffer.from(bytes.subarray(ends[index - 1] ?? 0, end));
    reader.read(piece);
    piece.fill(0x2a);
  });
  return heard.lines;
}

const CONVERSATION = Buffer.concat([
  frame(FrameType.SETTINGS, 0, 0),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 1, text('start')),
  frame(FrameType.DATA, 0, 1, text('abc')),
  frame(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, 1, padded(4, 'def')),
  frame(FrameType.HEADERS, Flag.PADDED | Flag.PRIORITY | Flag.END_STREAM, 3, padded(2, '12345begin')),
  frame(FrameType.CONTINUATION, 0, 3),
  frame(FrameType.CONTINUATION, Flag.END_HEADERS, 3, text('+end')),
  frame(FrameType.PRIORITY, 0, 9, text('12345')),
  frame(0xbe, 0xff, 0, text('nobody knows')),
  frame(FrameType.DATA, Flag.END_STREAM, 5),
  frame(FrameType.PING, 0, 0, text('12345678')),
]);
const HEARD = ['control 4 0 0 ', 'headers 1 start false', 'data 1 abcdef 11', 'headers 3 begin+end true', 'data 5  0', 'control 6 0 0 3132333435363738'];

it('reads frames in one piece, passing over PRIORITY and what nobody has defined', () => {
  expect(read(CONVERSATION)).toEqual(HEARD);
});

it('reads the same wherever the bytes are cut, once or twice', () => {
  const whole = read(CONVERSATION);
  for (let first = 1; first < CONVERSATION.length; first++) {
    expect(read(CONVERSATION, [first])).toEqual(whole);
    for (let second = first + 1; second < CONVERSATION.length; second += 7) expect(read(CONVERSATION, [first, second])).toEqual(whole);
  }
});

it('reads the same byte by byte', () => {
  expect(read(CONVERSATION, Array.from({ length: CONVERSATION.length - 1 }, (_, index) => index + 1))).toEqual(read(CONVERSATION));
});

it.each([
  ['DATA with more padding than payload', frame(FrameType.DATA, Flag.PADDED, 1, Buffer.from([4, 0, 0, 0])), ErrorCode.PROTOCOL_ERROR],
  ['padded DATA without a byte', frame(FrameType.DATA, Flag.PADDED, 1), ErrorCode.FRAME_SIZE_ERROR],
  ['HEADERS with more padding than payload', frame(FrameType.HEADERS, Flag.PADDED | Flag.END_HEADERS, 1, Buffer.from([3, 0, 0])), ErrorCode.PROTOCOL_ERROR],
  ['HEADERS too short for their priority', frame(FrameType.HEADERS, Flag.PRIORITY | Flag.END_HEADERS, 1, Buffer.alloc(4)), ErrorCode.FRAME_SIZE_ERROR],
  ['CONTINUATION without HEADERS', frame(FrameType.CONTINUATION, Flag.END_HEADERS, 1), ErrorCode.PROTOCOL_ERROR],
  ['another frame within a header block', Buffer.concat([frame(FrameType.HEADERS, 0, 1), frame(FrameType.PING, 0, 0, Buffer.alloc(8))]), ErrorCode.PROTOCOL_ERROR],
  ['an unknown frame within a header block', Buffer.concat([frame(FrameType.HEADERS, 0, 1), frame(0xbe, 0, 1)]), ErrorCode.PROTOCOL_ERROR],
  ['CONTINUATION of another stream', Buffer.concat([frame(FrameType.HEADERS, 0, 1), frame(FrameType.CONTINUATION, 0, 3)]), ErrorCode.PROTOCOL_ERROR],
  ['PUSH_PROMISE', frame(FrameType.PUSH_PROMISE, Flag.END_HEADERS, 1, Buffer.alloc(8)), ErrorCode.PROTOCOL_ERROR],
  ['a header block that is too large', frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.alloc(101)), ErrorCode.ENHANCE_YOUR_CALM],
  ['empty CONTINUATION frames without end', Buffer.concat([frame(FrameType.HEADERS, 0, 1), ...Array.from({ length: 4 }, () => frame(FrameType.CONTINUATION, 0, 1))]), ErrorCode.ENHANCE_YOUR_CALM],
])('refuses %s', (_name, bytes, code) => {
  expect(() => read(bytes)).toThrow(expect.objectContaining({ name: 'ConnectionError', code }));
});
