import { FakeClock } from '@sluice/kernel';
import { OutputGate } from './output-gate';

const MEBIBYTE = Buffer.alloc(1024 * 1024);

function setUp() {
  const clock = new FakeClock();
  const seen = { chunks: 0, gaps: 0, floods: [] as number[], paused: false };
  const gate = new OutputGate({
    clock,
    flow: { pause: () => (seen.paused = true), resume: () => (seen.paused = false) },
    onChunk: () => (seen.chunks += 1),
    onGap: () => (seen.gaps += 1),
    onFlood: (bytes) => seen.floods.push(bytes / MEBIBYTE.length),
  });
  const push = (chunks: number) => {
    for (let chunk = 0; chunk < chunks; chunk++) gate.push(MEBIBYTE);
  };
  return { clock, gate, push, seen };
}

describe('OutputGate', () => {
  it('lets 2 MiB a second through, second after second', () => {
    const { clock, push, seen } = setUp();
    for (let second = 0; second < 5; second++) {
      push(2);
      clock.advance(1_000);
    }
    expect(seen).toEqual({ chunks: 10, gaps: 0, floods: [], paused: false });
  });

  it('throws the rest of a second away and says how much that was', () => {
    const { clock, push, seen } = setUp();
    push(10);
    expect(seen).toEqual({ chunks: 2, gaps: 1, floods: [], paused: false });
    clock.advance(1_000);
    push(1);
    expect(seen).toEqual({ chunks: 3, gaps: 1, floods: [8], paused: false });
  });

  it('makes a plugin wait that writes more than 32 MiB a second', () => {
    const { clock, push, seen } = setUp();
    push(32);
    expect(seen.paused).toBe(false);
    push(1);
    expect(seen.paused).toBe(true);
    clock.advance(1_000);
    expect(seen).toMatchObject({ paused: false, floods: [31] });
  });

  it('lets the last words of a plugin that has ended through, however much it wrote before', () => {
    const { gate, push, seen } = setUp();
    push(40);
    gate.end();
    push(3);
    expect(seen).toMatchObject({ chunks: 5, paused: false, floods: [38] });
  });
});
