import { frameMessage } from './frame-message';
import { MessageBuffers } from './message-buffers';
import { MessageReader } from './message-reader';
import { Status } from './status';

function read(bytes: Buffer, cuts: readonly number[] = [], limit = 1_000_000): { messages: string[]; atBoundary: boolean } {
  const messages: Buffer[] = [];
  const reader = new MessageReader(limit);
  const ends = [...cuts, bytes.length];
  ends.forEach((end, index) => {
    const piece = Buffer.concat([Buffer.from('>'), bytes.subarray(ends[index - 1] ?? 0, end), Buffer.from('<')]);
    reader.read(piece, 1, piece.length - 1, { onMessage: (message) => messages.push(message) });
    piece.fill('*');
  });
  return { messages: messages.map(String), atBoundary: reader.atBoundary };
}

const MESSAGES = ['', 'a', 'some bytes', '', 'end'];
const BYTES = Buffer.concat(MESSAGES.map((message) => frameMessage(Buffer.from(message))));

it('reads messages wherever frames and reads have cut them', () => {
  for (let first = 0; first <= BYTES.length; first++) {
    for (let second = first; second <= BYTES.length; second++) expect(read(BYTES, [first, second])).toEqual({ messages: MESSAGES, atBoundary: true });
  }
});

it('knows that a message is not complete', () => {
  expect(read(BYTES.subarray(0, 3)).atBoundary).toBe(false);
  expect(read(BYTES.subarray(0, BYTES.length - 1)).atBoundary).toBe(false);
});

it('refuses a message by its prefix, before there is any of it', () => {
  const prefix = Buffer.from([0, 0, 0, 0, 11]);
  expect(() => read(prefix, [], 10)).toThrow(expect.objectContaining({ status: Status.RESOURCE_EXHAUSTED, bytes: 11 }));
  expect(() => read(Buffer.from([1, 0, 0, 0, 0]))).toThrow(expect.objectContaining({ status: Status.INTERNAL }));
});

it('takes memory for what came, not for what was announced', () => {
  const allocate = jest.spyOn(Buffer, 'allocUnsafe');
  try {
    read(Buffer.concat([Buffer.from([0, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(10_000)]), [], Infinity);
    expect(Math.max(...allocate.mock.calls.map(([bytes]) => bytes))).toBeLessThan(50_000);
  } finally {
    allocate.mockRestore();
  }
});

it('puts a large message together in memory that its reader can give back, wherever it is cut', () => {
  const buffers = new MessageBuffers();
  const reader = new MessageReader(1_000_000, buffers);
  const seen = new Set<ArrayBufferLike>();
  for (let round = 0; round < 20; round += 1) {
    const content = Buffer.alloc(100_000, round);
    const frame = frameMessage(content);
    const messages: Buffer[] = [];
    for (let at = 0; at < frame.length; at += 9_000 + round) reader.read(frame, at, Math.min(frame.length, at + 9_000 + round), { onMessage: (message) => messages.push(message) });
    expect(messages).toEqual([content]);
    seen.add(messages[0]!.buffer);
    buffers.give(messages[0]!);
  }
  expect(seen.size).toBe(1);
});
