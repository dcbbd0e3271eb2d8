import { FakeClock } from '@sluice/kernel';
import { ConnectionAnnouncer } from './connection-announcer';

function setUp() {
  const clock = new FakeClock(1_000);
  const at: number[] = [];
  return { clock, at, announcer: new ConnectionAnnouncer(clock, () => at.push(clock.now() - 1_000)) };
}

describe('ConnectionAnnouncer', () => {
  it('announces at once and every 2 s, so that each dial finds an announcement', () => {
    const { clock, at, announcer } = setUp();
    announcer.start();
    clock.advance(5_000);
    expect(at).toEqual([0, 2_000, 4_000]);
  });

  it('announces when a connection drops', () => {
    const { clock, at, announcer } = setUp();
    announcer.start();
    clock.advance(500);
    announcer.disconnected();
    expect(at).toEqual([0, 500]);
    clock.advance(2_000);
    expect(at).toEqual([0, 500, 2_500]);
  });

  it('never announces twice within 100 ms', () => {
    const { clock, at, announcer } = setUp();
    announcer.start();
    for (let drop = 0; drop < 20; drop += 1) {
      clock.advance(7);
      announcer.disconnected();
    }
    clock.advance(1_000);
    expect(at.length).toBeGreaterThan(1);
    expect(Math.min(...at.slice(1).map((time, index) => time - at[index]!))).toBeGreaterThanOrEqual(100);
  });

  it('says nothing after it was stopped', () => {
    const { clock, at, announcer } = setUp();
    announcer.start();
    announcer.stop();
    announcer.disconnected();
    clock.advance(10_000);
    expect(at).toEqual([0]);
  });
});
