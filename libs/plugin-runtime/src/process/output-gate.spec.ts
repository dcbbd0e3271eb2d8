import { FakeClock } from '@sluice/kernel';
import { OutputGate } from './output-gate';

const CHUNK = Buffer.alloc(64 * 1024);
const PER_MEBIBYTE = 16;

function setUp() {
  const clock = new FakeClock();
  const seen = { kept: 0, gaps: 0, floods: [] as number[], paused: false };
  const gate = new OutputGate({
    clock,
    flow: { pause: () => (seen.paused = true), resume: () => (seen.paused = false) },
    onChunk: () => (seen.kept += 1),
    onGap: () => (seen.gaps += 1),
    onFlood: (bytes) => seen.floods.push(bytes / CHUNK.length),
  });
  /** Writes for this long as much as is taken. */
  const flood = (windows: number) => {
    for (let window = 0; window < windows; window++) {
      while (!seen.paused) gate.push(CHUNK);
      clock.advance(100);
    }
  };
  return { clock, gate, flood, seen };
}

describe('OutputGate', () => {
  it('lets a burst of 1 MiB through, and then 1 MiB a second', () => {
    const { clock, gate, seen } = setUp();
    for (let chunk = 0; chunk < PER_MEBIBYTE; chunk++) gate.push(CHUNK);
    for (let second = 0; second < 5; second++) {
      clock.advance(1_000);
      for (let chunk = 0; chunk < PER_MEBIBYTE; chunk++) gate.push(CHUNK);
    }
    expect(seen).toMatchObject({ kept: 6 * PER_MEBIBYTE, gaps: 0, floods: [] });
  });

  it('reads 1 MiB in a tenth of a second and makes a plugin that writes more wait', () => {
    const { clock, gate, seen } = setUp();
    for (let chunk = 0; chunk < PER_MEBIBYTE - 1; chunk++) gate.push(CHUNK);
    expect(seen.paused).toBe(false);
    gate.push(CHUNK);
    expect(seen.paused).toBe(true);
    clock.advance(100);
    expect(seen.paused).toBe(false);
  });

  it('throws away what is too much and says each second how much that was', () => {
    const { flood, seen } = setUp();
    flood(20);
    // 10 MiB a second are read: the burst and 1 MiB a second are kept.
    expect(seen.floods).toHaveLength(2);
    expect(seen.floods[0]).toBeGreaterThan(8 * PER_MEBIBYTE - 10);
    expect(seen.kept + seen.floods[0]! + seen.floods[1]!).toBe(20 * PER_MEBIBYTE);
    expect(seen.kept).toBeLessThanOrEqual(3 * PER_MEBIBYTE);
    expect(seen.gaps).toBe(2);
  });

  it('says what it threw away when the flood is over', () => {
    const { clock, flood, seen } = setUp();
    flood(3);
    expect(seen.floods).toEqual([]);
    clock.advance(1_000);
    expect(seen.floods).toHaveLength(1);
    clock.advance(60_000);
    expect(seen.floods).toHaveLength(1);
  });

  it('lets the last words of a plugin that has ended through, however much it wrote before', () => {
    const { gate, flood, seen } = setUp();
    flood(5);
    while (!seen.paused) gate.push(CHUNK);
    const { kept } = seen;
    gate.end();
    expect(seen).toMatchObject({ paused: false, floods: [expect.any(Number)] });
    gate.push(CHUNK);
    expect(seen.kept).toBe(kept + 1);
  });
});
