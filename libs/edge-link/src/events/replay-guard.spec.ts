import { ReplayGuard } from './replay-guard';

const START = 1_700_000_000_000;

function guard(capacity?: number) {
  const clock = { now: START };
  return { clock, guard: new ReplayGuard(() => clock.now, capacity) };
}

describe('ReplayGuard', () => {
  it('lets an event in once', () => {
    const { guard: events } = guard();
    expect(['a', 'b', 'a'].map((id) => events.admit(id, START))).toEqual(['new', 'new', 'duplicate']);
  });

  it('knows an event that is sent again with a later time', () => {
    const { clock, guard: events } = guard();
    events.admit('a', START);
    clock.now += 30_000;
    expect(events.admit('a', START + 30_000)).toBe('duplicate');
  });

  it('never lets a recorded event in again, however long somebody waits', () => {
    const { clock, guard: events } = guard();
    clock.now += 100_000;
    const sentAt = clock.now + 5_000;
    expect(events.admit('a', sentAt)).toBe('new');
    for (let waited = 0; waited < 200_000; waited += 500) {
      expect(events.admit('a', sentAt)).not.toBe('new');
      clock.now += 500;
    }
  });

  it('goes on when a clock that was an hour fast is put right, and lets nothing in again', () => {
    const { clock, guard: events } = guard();
    clock.now += 120_000;
    const sentAt = clock.now;
    expect(events.admit('a', sentAt)).toBe('new');
    clock.now -= 3_600_000;
    expect(events.admit('b', clock.now - 1)).toBe('stale');
    clock.now += 10;
    expect(events.admit('c', clock.now)).toBe('new');
    for (let waited = 0; waited < 3_700_000; waited += 5_000) {
      expect(events.admit('a', sentAt)).not.toBe('new');
      clock.now += 5_000;
    }
  });

  it('refuses what is older or newer than a minute', () => {
    const { clock, guard: events } = guard();
    clock.now += 1_000_000;
    expect(events.admit('a', clock.now - 60_001)).toBe('stale');
    expect(events.admit('b', clock.now - 59_000)).toBe('new');
    expect(events.admit('c', clock.now + 60_001)).toBe('stale');
    expect(events.admit('d', NaN)).toBe('stale');
  });

  it('refuses what was sent before it began, since it cannot know whether that was delivered', () => {
    expect(guard().guard.admit('a', START - 1)).toBe('stale');
  });

  it('refuses what is as old as what it had to forget', () => {
    const { guard: events } = guard(10);
    for (let id = 0; id < 10; id += 1) events.admit(String(id), START + id * 1_000);
    expect(events.admit('new', START + 20_000)).toBe('new');
    expect(events.admit('0', START)).toBe('stale');
    expect(events.admit('1', START + 1_000)).toBe('duplicate');
  });
});
