import { FakeClock } from '@sluice/kernel';
import { OutputGate } from './output-gate';

const KIBIBYTE = 1024;
/** 1 KiB each with its line end. */
const line = (letter: string) => `${letter.repeat(KIBIBYTE - 1)}\n`;
const CHUNK = Buffer.from(line('x').repeat(64));

function setUp() {
  const clock = new FakeClock();
  const seen = { kept: 0, gaps: 0, floods: [] as number[], paused: false, text: [] as string[] };
  const gate = new OutputGate({
    clock,
    flow: { pause: () => (seen.paused = true), resume: () => (seen.paused = false) },
    onChunk: (chunk) => {
      seen.kept += chunk.length / KIBIBYTE;
      seen.text.push(chunk.toString());
    },
    onGap: () => (seen.gaps += 1),
    onFlood: (bytes) => seen.floods.push(bytes / KIBIBYTE),
  });
  /** Writes for this many windows as much as is taken. */
  const flood = (windows: number) => {
    for (let window = 0; window < windows; window++) {
      while (!seen.paused) gate.push(CHUNK);
      clock.advance(20);
    }
  };
  return { clock, gate, flood, seen };
}

describe('OutputGate', () => {
  it('lets a burst of 256 KiB through, and then as much each second', () => {
    const { clock, gate, seen } = setUp();
    for (let second = 0; second < 5; second++) {
      for (let chunk = 0; chunk < 4; chunk++) gate.push(CHUNK);
      clock.advance(1_000);
    }
    expect(seen).toMatchObject({ kept: 5 * 256, gaps: 0, floods: [] });
  });

  it('reads 64 KiB in a window and makes a plugin that writes more wait', () => {
    const { clock, gate, seen } = setUp();
    gate.push(CHUNK.subarray(1));
    expect(seen.paused).toBe(false);
    gate.push(CHUNK.subarray(0, 1));
    expect(seen.paused).toBe(true);
    clock.advance(20);
    expect(seen.paused).toBe(false);
  });

  it('throws away what is too much and says each second how much that was', () => {
    const { flood, seen } = setUp();
    flood(100);
    expect(seen.floods).toHaveLength(2);
    expect(seen.kept + seen.floods[0]! + seen.floods[1]!).toBe(100 * 64);
    // The burst, and 256 KiB in each of the two seconds.
    expect(seen.kept).toBeGreaterThan(700);
    expect(seen.kept).toBeLessThanOrEqual(768);
    expect(seen.gaps).toBeLessThan(20);
  });

  it('leaves out whole lines, from the first that does not fit to the end of a line after the gap', () => {
    const { clock, gate, seen } = setUp();
    for (let chunk = 0; chunk < 3; chunk++) gate.push(CHUNK);
    gate.push(Buffer.from(line('a').repeat(50)));
    gate.push(Buffer.from(`${line('b').repeat(14)}${'c'.repeat(2 * KIBIBYTE)}`));
    expect([seen.gaps, seen.text.at(-1)]).toEqual([1, line('b').repeat(14)]);
    clock.advance(500);
    gate.push(Buffer.from(`the rest of the long line\n${line('d')}`));
    expect(seen.text.at(-1)).toBe(line('d'));
  });

  it('keeps the beginning of a line that is longer than what may be kept', () => {
    const { gate, seen } = setUp();
    gate.push(Buffer.alloc(300 * KIBIBYTE, 'x'));
    expect([seen.kept, seen.gaps]).toEqual([256, 1]);
    gate.push(Buffer.from('more\n'));
    expect([seen.kept, seen.gaps]).toEqual([256, 1]);
  });

  it('says what it threw away when the flood is over', () => {
    const { clock, flood, seen } = setUp();
    flood(5);
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
    expect(seen.kept).toBe(kept + 64);
  });
});
