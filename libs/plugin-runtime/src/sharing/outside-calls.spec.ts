import { FakeClock } from '@sluice/kernel';
import { Drain } from '../supervisor/drain';
import { OutsideCalls } from './outside-calls';

describe('OutsideCalls', () => {
  it('adds up what every process that may call has reported', () => {
    const outside = new OutsideCalls();
    outside.hold(1);
    outside.hold(2);
    outside.report(1, 3, 1);
    outside.report(2, 4, 2);
    expect(outside).toMatchObject({ activeCalls: 7, activeStreams: 3, isHeld: true });
    outside.release(1);
    outside.report(1, 9, 9);
    expect(outside).toMatchObject({ activeCalls: 4, activeStreams: 2, isHeld: true });
  });

  it('is released when the last one lets go of it', async () => {
    const outside = new OutsideCalls();
    await outside.released();
    outside.hold(1);
    outside.hold(2);
    let free = false;
    void outside.released().then(() => (free = true));
    outside.release(1);
    await new Promise(setImmediate);
    expect(free).toBe(false);
    outside.release(2);
    await new Promise(setImmediate);
    expect(free).toBe(true);
  });

  it('keeps what was reported when it is held once more', () => {
    const outside = new OutsideCalls();
    outside.hold(1);
    outside.report(1, 2, 0);
    outside.hold(1);
    expect(outside.activeCalls).toBe(2);
  });
});

describe('a drain of a generation that other processes call', () => {
  async function drained(outside: OutsideCalls, advanceMs: number): Promise<boolean> {
    const clock = new FakeClock();
    let done = false;
    void new Drain({ channel: { activeCalls: 0 }, activeStreams: 0, sharing: { calls: outside } }, { unaryMs: 1_000, streamMs: 5_000 }, clock).done.then(() => (done = true));
    clock.advance(advanceMs);
    await new Promise(setImmediate);
    return done;
  }

  it('waits for a process that has reported no call and has not let go of it', async () => {
    const outside = new OutsideCalls();
    outside.hold(1);
    expect(await drained(outside, 900)).toBe(false);
    expect(await drained(outside, 1_100)).toBe(true);
    outside.release(1);
    expect(await drained(outside, 0)).toBe(true);
  });

  it('gives their streams the time that streams have', async () => {
    const outside = new OutsideCalls();
    outside.hold(1);
    outside.report(1, 1, 1);
    expect(await drained(outside, 4_900)).toBe(false);
    expect(await drained(outside, 5_100)).toBe(true);
  });
});
