import { ErrorCode } from './error-code';
import { ReceiveWindow } from './receive-window';

it('gives credit back in pieces of half the window', () => {
  const window = new ReceiveWindow(100);
  window.receive(100);
  expect([window.consume(49), window.consume(1), window.consume(50)]).toEqual([0, 50, 50]);
  expect(() => window.receive(100)).not.toThrow();
});

it('never stalls a peer with a window of one byte', () => {
  const window = new ReceiveWindow(1);
  for (let byte = 0; byte < 3; byte++) {
    window.receive(1);
    expect(window.consume(1)).toBe(1);
  }
});

it('refuses a byte too much', () => {
  const window = new ReceiveWindow(100);
  window.receive(60);
  window.consume(40);
  expect(() => window.receive(41)).toThrow(expect.objectContaining({ code: ErrorCode.FLOW_CONTROL_ERROR, message: 'The peer sent 1 bytes more than the window has.' }));
});
