import { Outgoing } from './outgoing';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

it('hands out what was added, at most a piece and at most what was asked for', () => {
  const outgoing = new Outgoing(1, 100);
  outgoing.add(Buffer.from('abc'));
  outgoing.add(Buffer.alloc(0));
  outgoing.add(Buffer.from('defg'));
  expect([text(outgoing.take(2)), text(outgoing.take(9)), text(outgoing.take(3))]).toEqual(['ab', 'c', 'def']);
  expect(outgoing.waitingBytes).toBe(1);
});

it('is ready for its window, and for its end without one', () => {
  const outgoing = new Outgoing(1, 0);
  expect(outgoing.isReady).toBe(false);
  outgoing.add(Buffer.from('a'));
  expect(outgoing.isReady).toBe(false);
  outgoing.sendWindow = 1;
  expect(outgoing.isReady).toBe(true);
  outgoing.take(1);
  expect(outgoing.isReady).toBe(false);
  outgoing.end();
  outgoing.sendWindow = -5;
  expect(outgoing.isReady).toBe(true);
});

it('ends with its last DATA frame, or with its trailers', () => {
  const plain = new Outgoing(1, 100);
  plain.add(Buffer.from('ab'));
  expect(plain.endsWith(2)).toBe(false);
  plain.end();
  expect([plain.endsWith(1), plain.endsWith(2), plain.trailers]).toEqual([false, true, undefined]);
  const trailing = new Outgoing(1, 100);
  trailing.add(Buffer.from('ab'));
  trailing.end(Buffer.from('trailers'));
  expect([trailing.endsWith(2), trailing.trailers]).toEqual([false, undefined]);
  trailing.drop();
  expect([trailing.waitingBytes, text(trailing.trailers!)]).toEqual([0, 'trailers']);
});
