import { MessageBuffers } from './message-buffers';

const KIB = 1_024;

it('lends the same memory again once it was given back, and not before', () => {
  const buffers = new MessageBuffers();
  const first = buffers.take(20 * KIB)!;
  expect(first.length).toBeGreaterThanOrEqual(20 * KIB);
  const second = buffers.take(20 * KIB)!;
  expect(second.buffer).not.toBe(first.buffer);
  buffers.give(first.subarray(5, 100));
  expect(buffers.take(30 * KIB)!.buffer).toBe(first.buffer);
  expect(buffers.take(30 * KIB)!.buffer).not.toBe(first.buffer);
});

it('takes memory back once, however often it is given', () => {
  const buffers = new MessageBuffers();
  const lent = buffers.take(64 * KIB)!;
  buffers.give(lent);
  buffers.give(lent);
  expect(buffers.take(64 * KIB)!.buffer).toBe(lent.buffer);
  expect(buffers.take(64 * KIB)!.buffer).not.toBe(lent.buffer);
});

it('has nothing for what is too small or too large to be kept, and leaves the memory of others alone', () => {
  const buffers = new MessageBuffers();
  expect([buffers.take(0), buffers.take(16 * KIB - 1), buffers.take(1_024 * KIB + 1)]).toEqual([undefined, undefined, undefined]);
  const other = Buffer.allocUnsafeSlow(64 * KIB);
  buffers.give(other);
  expect(buffers.take(64 * KIB)!.buffer).not.toBe(other.buffer);
});

it('keeps two megabytes and no more', () => {
  const buffers = new MessageBuffers();
  const lent = Array.from({ length: 10 }, () => buffers.take(1_024 * KIB)!);
  lent.forEach((buffer) => buffers.give(buffer));
  const again = Array.from({ length: 10 }, () => buffers.take(1_024 * KIB)!.buffer);
  expect(again.filter((memory) => lent.some(({ buffer }) => buffer === memory))).toHaveLength(2);
});
