import { OpenSessionResponse_CloseReason as CloseReason } from '@sluice/contracts/plugin';
import { FakeClock } from '@sluice/kernel';
import { SessionLoop } from './session-loop';

/** A plugin whose sessions the test closes. */
class Sessions {
  opened = 0;
  private close: (reason: CloseReason | Error) => void = () => undefined;
  readonly clock = new FakeClock();
  readonly loop = new SessionLoop({
    clock: this.clock,
    open: () => {
      this.opened += 1;
      return new Promise((resolve, reject) => {
        this.close = (reason) => {
          if (reason instanceof Error) reject(reason);
          else resolve({ success: true, errorMessage: '', sessionId: 's', closeReason: reason });
        };
      });
    },
  });

  async end(reason: CloseReason | Error, afterMs = 30_000): Promise<void> {
    this.clock.advance(afterMs);
    this.close(reason);
    await new Promise(setImmediate);
  }
}

describe('SessionLoop', () => {
  it('opens the next session at once when one times out', async () => {
    const sessions = new Sessions();
    sessions.loop.start();
    await sessions.end(CloseReason.TIMEOUT);
    await sessions.end(CloseReason.TIMEOUT);
    expect(sessions.opened).toBe(3);
  });

  it('stops when the plugin closes the session on request', async () => {
    const sessions = new Sessions();
    sessions.loop.start();
    await sessions.end(CloseReason.EXPLICIT_CLOSE);
    sessions.clock.advance(600_000);
    expect(sessions.opened).toBe(1);
  });

  it.each([CloseReason.PLUGIN_ERROR, CloseReason.UNKNOWN, new Error('UNIMPLEMENTED')])('waits longer each time after %p', async (reason) => {
    const sessions = new Sessions();
    sessions.loop.start();
    await sessions.end(reason);
    expect(sessions.opened).toBe(1);
    sessions.clock.advance(1_000);
    expect(sessions.opened).toBe(2);
    await sessions.end(reason, 0);
    sessions.clock.advance(1_999);
    expect(sessions.opened).toBe(2);
    sessions.clock.advance(1);
    expect(sessions.opened).toBe(3);
  });

  it('does not spin with a plugin whose sessions time out immediately', async () => {
    const sessions = new Sessions();
    sessions.loop.start();
    await sessions.end(CloseReason.TIMEOUT, 0);
    expect(sessions.opened).toBe(1);
  });

  it('opens nothing after it was stopped', async () => {
    const sessions = new Sessions();
    sessions.loop.start();
    sessions.loop.stop();
    await sessions.end(CloseReason.TIMEOUT);
    expect(sessions.opened).toBe(1);
  });
});
