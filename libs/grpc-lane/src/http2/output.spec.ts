import { setImmediate as turn } from 'node:timers/promises';
import { FakeSocket } from '../testing/fake-socket';
import { Output } from './output';

let socket: FakeSocket;
let output: Output;

beforeEach(() => {
  socket = new FakeSocket(true);
  output = new Output(socket.asSocket());
});

it('writes everything of one turn at once, and nothing before', async () => {
  output.write(Buffer.from('ab'));
  output.buffer.write('cd', output.reserve(2));
  expect([socket.written.length, output.waitingBytes]).toEqual([0, 4]);
  await turn();
  expect(socket.written.map(String)).toEqual(['abcd']);
  expect(output.waitingBytes).toBe(0);
});

it('does not keep a peer waiting for the end of a turn in which a lot is written', async () => {
  const frame = Buffer.alloc(1_000, 'x');
  for (let count = 0; count < 4; count++) output.write(frame);
  expect([Buffer.concat(socket.written).length, output.waitingBytes]).toEqual([3_000, 1_000]);
  await turn();
  expect(Buffer.concat(socket.written).length).toBe(4_000);
});

it('keeps the order of pieces that are copied and pieces that are not', async () => {
  const pieces = ['a', 'b'.repeat(9_000), 'c', 'd'.repeat(20_000), 'e'.repeat(8_000), 'f'.repeat(8_000), 'g'.repeat(8_000), 'h'.repeat(8_000), 'i'.repeat(8_000)];
  for (const piece of pieces) output.write(Buffer.from(piece));
  await turn();
  expect(Buffer.concat(socket.written).toString()).toBe(pieces.join(''));
});

it('leaves what the socket has alone when it goes on', async () => {
  output.write(Buffer.from('first'));
  await turn();
  output.write(Buffer.from('second'));
  await turn();
  expect(socket.written.map(String)).toEqual(['first', 'second']);
});

it('writes nothing after its end, or to a socket that is gone', async () => {
  output.write(Buffer.from('last words'));
  output.end();
  output.write(Buffer.from('too late'));
  await turn();
  expect(socket.written.map(String)).toEqual(['last words']);
  const gone = new Output(socket.asSocket());
  gone.write(Buffer.from('nobody'));
  socket.destroy();
  await turn();
  expect([socket.written.length, gone.waitingBytes]).toEqual([1, 0]);
});
