import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CallError, Status } from '../grpc/status';
import { ErrorCode } from '../http2/error-code';
import { Flag, frame, FrameType } from '../http2/frame';
import { SettingId } from '../http2/settings';
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer';
import { LaneChannel, type LaneChannelOptions } from './lane-channel';

let folder: string;
let peer: ScriptedPeer;
let channel: LaneChannel;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lane-'));
  peer = new ScriptedPeer(join(folder, 's'));
});

afterEach(() => {
  channel.close();
  peer.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(options: Partial<LaneChannelOptions> = {}): Promise<PeerConnection> {
  channel = new LaneChannel({ path: join(folder, 's'), ...options });
  return peer.connection();
}

function unary(request = 'request', deadlineMs = 20_000): Promise<string> {
  const answer = new Promise<string>((resolve, reject) =>
    channel.unary('/a.B/C', Buffer.from(request), { deadlineMs }, { onResponse: (response) => resolve(Buffer.from(response).toString()), onError: reject }),
  );
  // Some are looked at only after others.
  answer.catch(() => undefined);
  return answer;
}

const failure = (call: Promise<unknown>) => call.then((value) => Promise.reject(new Error(`The call was answered: ${String(value)}`)), (error: CallError) => error);

describe('a peer that says goodbye', () => {
  it('gets no new calls, ends those that it took, and those that it did not take go to a new connection', async () => {
    const first = await connect();
    first.settings();
    const [taken, other] = [unary(), unary()];
    await first.requests(2);
    first.goaway(1);
    const second = await peer.connection(1);
    second.settings();
    await second.requests(1);
    second.answer(1, 'from the second');
    first.answer(1, 'from the first');
    expect([await taken, await other]).toEqual(['from the first', 'from the second']);
  });

  it('leaves calls unavailable that it took and did not end', async () => {
    const first = await connect();
    first.settings();
    const call = unary();
    await first.requests(1);
    first.goaway(1, ErrorCode.ENHANCE_YOUR_CALM);
    first.socket.end();
    expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, message: 'The peer said goodbye with ENHANCE_YOUR_CALM.', sent: true });
  });

  it('is not asked again and again when it takes nothing', async () => {
    const refuse = async () => {
      for (let index = 0; ; index++) {
        const connection = await peer.connection(index);
        connection.settings();
        connection.goaway(0);
      }
    };
    await connect();
    void refuse();
    expect(await failure(unary())).toMatchObject({ status: Status.UNAVAILABLE, sent: false });
    await pause(500);
    expect(peer.accepted).toBeLessThan(10);
  });
});

describe('a stream that is refused', () => {
  it('is opened again', async () => {
    const connection = await connect();
    connection.settings();
    const call = unary();
    await connection.requests(1);
    connection.reset(1, ErrorCode.REFUSED_STREAM);
    await connection.requests(2);
    connection.answer(3, 'now');
    expect(await call).toBe('now');
  });

  it('is given up in the end', async () => {
    const connection = await connect();
    connection.settings();
    const call = unary();
    for (const streamId of [1, 3, 5]) {
      await connection.requests((streamId + 1) / 2);
      connection.reset(streamId, ErrorCode.REFUSED_STREAM);
    }
    expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, sent: false });
  });
});

describe('what a peer allows', () => {
  it('bounds the streams at once and the calls that wait', async () => {
    const connection = await connect({ maxQueuedCalls: 1 });
    connection.settings([SettingId.MAX_CONCURRENT_STREAMS, 1]);
    await connection.until((frames) => frames.some(({ type, flags }) => type === FrameType.SETTINGS && flags === Flag.ACK));
    const calls = [unary(), unary(), unary()];
    expect(await failure(calls[2]!)).toMatchObject({ status: Status.RESOURCE_EXHAUSTED, sent: false });
    await connection.requests(1);
    await pause(50);
    expect(connection.frames.filter(({ type }) => type === FrameType.HEADERS)).toHaveLength(1);
    connection.answer(1, 'first');
    await connection.requests(2);
    connection.answer(3, 'second');
    expect(await Promise.all(calls.slice(0, 2))).toEqual(['first', 'second']);
  });

  it('is kept to when it changes in the middle of a request, down to a byte', async () => {
    const connection = await connect();
    connection.settings([SettingId.INITIAL_WINDOW_SIZE, 10]);
    await connection.until((frames) => frames.some(({ type, flags }) => type === FrameType.SETTINGS && flags === Flag.ACK));
    const call = unary('x'.repeat(95));
    await connection.until(() => connection.dataBytes(1) === 10);
    connection.settings([SettingId.INITIAL_WINDOW_SIZE, 4]);
    connection.credit(1, 7);
    await connection.until(() => connection.dataBytes(1) === 11);
    connection.settings([SettingId.INITIAL_WINDOW_SIZE, 40]);
    await connection.until(() => connection.dataBytes(1) === 47);
    await pause(30);
    expect(connection.dataBytes(1)).toBe(47);
    connection.credit(1, 1_000);
    await connection.until(() => connection.dataBytes(1) === 100);
    connection.answer(1, 'all of it');
    expect(await call).toBe('all of it');
  });

  it('may end: a stream window of more than 2^31 - 1 bytes ends its call only', async () => {
    const connection = await connect();
    connection.settings([SettingId.INITIAL_WINDOW_SIZE, 0]);
    await connection.until((frames) => frames.some(({ type, flags }) => type === FrameType.SETTINGS && flags === Flag.ACK));
    const [call, other] = [unary(), unary()];
    await connection.requests(2);
    connection.credit(1, 0x7fff_ffff);
    connection.credit(1, 1);
    connection.credit(3, 0);
    expect(await failure(other)).toMatchObject({ status: Status.INTERNAL, message: 'WINDOW_UPDATE adds nothing.' });
    connection.answer(1, 'sent before');
    expect(await call).toBe('sent before');
  });
});

describe('at each point of a call', () => {
  const POINTS: [string, (connection: PeerConnection) => void][] = [
    ['before the answer', () => undefined],
    ['behind its headers', (connection) => connection.begin(1)],
    ['within a message', (connection) => connection.send(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.from('885f106170706c69636174696f6e2f67727063', 'hex')), frame(FrameType.DATA, 0, 1, Buffer.from([0, 0, 0, 0, 9, 1])))],
    ['behind the message', (connection) => (connection.begin(1), connection.message(1, 'answer'))],
    ['within a frame', (connection) => connection.send(frame(FrameType.DATA, 0, 1, Buffer.alloc(50)).subarray(0, 5))],
  ];

  it.each(POINTS)('a connection that is lost %s ends the call as unavailable', async (_name, say) => {
    const connection = await connect();
    connection.settings();
    const call = unary();
    await connection.requests(1);
    say(connection);
    await pause(20);
    connection.socket.destroy();
    expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, sent: true });
    expect(channel.activeCalls).toBe(0);
  });

  it.each(POINTS)('a peer that closes its half %s ends the call, although it reads on', async (_name, say) => {
    const connection = await connect();
    connection.settings();
    const call = unary('x'.repeat(500_000));
    await connection.requests(1);
    say(connection);
    connection.socket.end();
    expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, message: 'The peer closed the connection.' });
  });

  it.each(POINTS)('a peer that falls silent %s is found out', async (_name, say) => {
    const connection = await connect({ silenceMs: 60, answerMs: 60 });
    connection.settings();
    const call = unary();
    await connection.requests(1);
    say(connection);
    connection.socket.pause();
    expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, message: 'The peer has not answered for 0 s.' });
  });
});

it('reads what an answer may have beside its frames', async () => {
  const connection = await connect();
  connection.settings([0x77, 1]);
  const call = unary();
  await connection.requests(1);
  connection.send(frame(0x99, 0xff, 1, Buffer.from('nobody knows')), frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(5)));
  connection.send(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.from('4803313033', 'hex')));
  connection.answer(1, 'answer');
  expect(await call).toBe('answer');
});

it('answers PING with the same bytes', async () => {
  const connection = await connect();
  connection.settings();
  connection.send(frame(FrameType.PING, 0, 0, Buffer.from('12345678')));
  await connection.until((frames) => frames.some(({ type, flags, payload }) => type === FrameType.PING && flags === Flag.ACK && payload.toString() === '12345678'));
});

it('says first that its encoder has no table, and asks the peer to do without one', async () => {
  const connection = await connect();
  connection.settings([SettingId.HEADER_TABLE_SIZE, 100]);
  void unary();
  void unary();
  await connection.requests(2);
  const blocks = connection.frames.filter(({ type }) => type === FrameType.HEADERS).map(({ payload }) => payload);
  expect([blocks[0]![0], blocks[0]!.subarray(1).equals(blocks[1]!)]).toEqual([0x20, true]);
  expect(connection.frames[0]!.payload.subarray(0, 6).toString('hex')).toBe('000100000000');
});

it.each([
  ['SETTINGS that come late', (connection: PeerConnection) => connection.credit(0, 1), 'The peer began with something other than SETTINGS.'],
  ['a stream that nobody opened', (connection: PeerConnection) => (connection.settings(), connection.begin(99)), 'The peer sent a frame on stream 99, which was never opened.'],
  ['a header block that cannot be read', (connection: PeerConnection) => (connection.settings(), connection.send(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.from('80', 'hex')))), 'There is no header with index 0.'],
  ['HTTP/1.1', (connection: PeerConnection) => connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), /larger than 16384|began with/],
])('ends the connection for %s, and says why', async (_name, say, reason) => {
  const connection = await connect();
  const call = unary();
  await connection.requests(1);
  say(connection);
  expect(await failure(call)).toMatchObject({ status: Status.UNAVAILABLE, message: typeof reason === 'string' ? reason : expect.stringMatching(reason) });
  await connection.until((frames) => frames.some(({ type }) => type === FrameType.GOAWAY));
});

it('goes to a new connection when its stream ids have run out', async () => {
  const first = await connect();
  first.settings();
  const before = unary();
  await first.requests(1);
  const { connection } = channel as unknown as { connection: { nextStreamId: number } };
  connection.nextStreamId = 0x7fff_ffff;
  const [last, next] = [unary(), unary()];
  await first.requests(2);
  const second = await peer.connection(1);
  second.settings();
  await second.requests(1);
  first.answer(0x7fff_ffff, 'last');
  first.answer(1, 'before');
  second.answer(1, 'next');
  expect(await Promise.all([before, last, next])).toEqual(['before', 'last', 'next']);
});
