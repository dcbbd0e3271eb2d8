import { FakeSocket } from '../testing/fake-socket';
import { DataSender } from './data-sender';
import { ErrorCode } from './error-code';
import { Flag, FRAME_HEADER_BYTES } from './frame';
import { Outgoing } from './outgoing';
import { Output } from './output';
import { PeerSettings } from './settings';

let socket: FakeSocket;
let output: Output;
let peer: PeerSettings;
let sender: DataSender;
let room: (stream: Outgoing) => void;

beforeEach(() => {
  socket = new FakeSocket(true);
  output = new Output(socket.asSocket());
  peer = new PeerSettings();
  room = () => undefined;
  sender = new DataSender(output, peer, { onSent: () => undefined, onRoom: (stream) => room(stream) });
});

/** Frames since the last time, as `stream:bytes`, with a full stop behind the last of a stream. */
function sent(): string[] {
  output.flush();
  const bytes = Buffer.concat(socket.written.splice(0));
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; at += FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3)) {
    frames.push(`${bytes.readUInt32BE(at + 5)}:${bytes.readUIntBE(at, 3)}${bytes[at + 4]! & Flag.END_STREAM ? '.' : ''}`);
  }
  return frames;
}

function stream(streamId: number, bytes: number, window = 1_000_000): Outgoing {
  const made = new Outgoing(streamId, window);
  made.add(Buffer.alloc(bytes));
  made.end();
  return made;
}

it('splits DATA at the frame size of the peer', () => {
  sender.send(stream(1, 40_000));
  expect(sent()).toEqual(['1:16384', '1:16384', '1:7232.']);
});

it('splits at its own size where the peer takes more, and whatever the peer takes keeps nobody waiting', () => {
  peer.maxFrameBytes = 16_777_215;
  sender.widen(1_000_000);
  sender.send(stream(1, 100_000));
  expect(sent()).toEqual(['1:65536', '1:34464.']);
});

it('lets streams take turns', () => {
  const [first, second] = [stream(1, 30_000, 0), stream(3, 30_000, 0)];
  sender.send(first);
  sender.send(second);
  peer.maxFrameBytes = 16_384;
  first.sendWindow = second.sendWindow = 100_000;
  sender.widenStream(first, 1);
  sender.widenStream(second, 1);
  expect(sent().map((frame) => frame.split(':')[0])).toEqual(['1', '1', '3', '3']);
  const [third, fourth] = [stream(5, 20_000), stream(7, 20_000)];
  sender.spend(65_535 - 60_000);
  sender.send(third);
  sender.send(fourth);
  sender.widen(60_000);
  expect(sent()).toEqual(['5:16384', '7:16384', '5:3616.', '7:3616.']);
});

it('keeps to windows of one byte', () => {
  sender.send(stream(1, 3, 1));
  expect(sent()).toEqual(['1:1']);
});

it('waits while a window that SETTINGS made smaller is below zero, and never sends a negative length', () => {
  const waiting = stream(1, 100_000, 100_000);
  sender.send(waiting);
  expect(sent()).toEqual(['1:16384', '1:16384', '1:16384', '1:16383']);
  sender.resizeStream(waiting, -90_000);
  sender.widen(50_000);
  expect(sent()).toEqual([]);
  sender.widenStream(waiting, 90_000);
  expect(sent()).toEqual(['1:16384', '1:16384', '1:1697.']);
});

it('sends an end without bytes past windows that are used up', () => {
  sender.send(stream(1, 65_535));
  sent();
  sender.send(stream(3, 0));
  expect(sent()).toEqual([]);
  const trailing = new Outgoing(5, 0);
  trailing.end(Buffer.from([0, 0, 0, 1, 5, 0, 0, 0, 5]));
  sender.send(trailing);
  expect(sent()).toEqual(['5:0.']);
});

it('waits while the socket is full', () => {
  sender.widen(10_000_000);
  sender.send(stream(1, 2_000_000, 10_000_000));
  const before = sent().length;
  expect(before).toBeGreaterThanOrEqual(64);
  expect(before).toBeLessThan(70);
  sender.pump();
  expect(sent().length).toBeGreaterThan(30);
});

it('does not pile up on the stack when a thousand streams hear of room and write on', () => {
  let depth = 0;
  let deepest = 0;
  room = (open) => {
    depth += 1;
    deepest = Math.max(deepest, depth);
    if (open.sendWindow > 999_980) {
      open.add(Buffer.alloc(5));
      sender.send(open);
    }
    depth -= 1;
  };
  sender.spend(65_535);
  for (let id = 1; id < 2_000; id += 2) {
    const open = new Outgoing(id, 1_000_000);
    open.add(Buffer.alloc(5));
    sender.send(open);
  }
  sender.widen(1_000_000);
  expect(deepest).toBe(1);
  expect(sent()).toHaveLength(4_000);
});

it('ends a stream, or the connection, whose window gets larger than 2^31 - 1', () => {
  const open = stream(1, 0, 0x7fff_fff0);
  expect(() => sender.widenStream(open, 16)).toThrow(expect.objectContaining({ name: 'StreamError', code: ErrorCode.FLOW_CONTROL_ERROR }));
  expect(() => sender.resizeStream(open, 16)).toThrow(expect.objectContaining({ name: 'ConnectionError' }));
  expect(() => sender.widen(0x7fff_ffff)).toThrow(expect.objectContaining({ name: 'ConnectionError', code: ErrorCode.FLOW_CONTROL_ERROR }));
});
