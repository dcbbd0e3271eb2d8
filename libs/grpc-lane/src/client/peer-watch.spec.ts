import { PeerWatch, type WatchedConnection } from './peer-watch';

let connection: WatchedConnection & { openStreams: number; lastHeardMs: number; ping: jest.Mock; close: jest.Mock };
let watch: PeerWatch;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  connection = { openStreams: 1, lastHeardMs: performance.now(), ping: jest.fn(), close: jest.fn() };
  watch = new PeerWatch(connection, { silenceMs: 1_000, answerMs: 100 });
});

afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

it('asks a silent peer, and gives up when it does not answer', () => {
  jest.advanceTimersByTime(1_010);
  expect(connection.ping).toHaveBeenCalledTimes(1);
  expect(connection.close).not.toHaveBeenCalled();
  jest.advanceTimersByTime(110);
  expect(connection.close).toHaveBeenCalledWith('The peer has not answered for 1 s.');
});

it('is content with any sign of life', () => {
  jest.advanceTimersByTime(1_010);
  connection.lastHeardMs = performance.now();
  jest.advanceTimersByTime(900);
  expect(connection.ping).toHaveBeenCalledTimes(1);
  expect(connection.close).not.toHaveBeenCalled();
});

it('leaves a peer alone that talks, or has nothing to say', () => {
  for (let step = 0; step < 10; step++) {
    jest.advanceTimersByTime(500);
    connection.lastHeardMs = performance.now();
  }
  connection.openStreams = 0;
  jest.advanceTimersByTime(10_000);
  expect(connection.ping).not.toHaveBeenCalled();
});

it('reads before it asks who was silent', () => {
  jest.advanceTimersByTime(1_010);
  // As when the process was busy: both are due, and the answer comes once timers are through.
  setTimeout(() => (connection.lastHeardMs = performance.now()), 90);
  jest.advanceTimersByTime(200);
  expect(connection.close).not.toHaveBeenCalled();
});

it('ends with its connection', () => {
  watch.close();
  jest.advanceTimersByTime(10_000);
  expect(connection.ping).not.toHaveBeenCalled();
});
