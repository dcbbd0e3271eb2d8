import { FakeClock } from '@sluice/kernel';
import { type PacedStream, StreamPace } from './stream-pace';

const RATE = 100_000;

function setUp() {
  const clock = new FakeClock();
  const told: number[] = [];
  const pace = new StreamPace(RATE, clock, (bytesPerSecond) => told.push(bytesPerSecond));
  return { clock, pace, told };
}

/** Reads as much as it may, a message of this size at a time. */
class Reader implements PacedStream {
  moved = 0;
  open = true;

  constructor(
    private readonly pace: StreamPace,
    readonly expectedBytes: number,
  ) {}

  takeTurn(): boolean {
    if (!this.open) return false;
    // The message comes in a later turn of the event loop.
    queueMicrotask(() => this.got());
    return true;
  }

  start(): this {
    this.got();
    return this;
  }

  private got(): void {
    this.moved += this.expectedBytes;
    this.pace.took(this.expectedBytes, this.expectedBytes);
    while (this.open && this.pace.admit(this)) this.moved += this.expectedBytes;
  }
}

/** As the lane has it: what its next turn is for is known when it asks, and over once it has it. */
class CreditedReader implements PacedStream {
  moved = 0;
  expectedBytes = 0;

  constructor(
    private readonly pace: StreamPace,
    private readonly bytes: number,
  ) {}

  takeTurn(): boolean {
    this.moved += this.expectedBytes;
    this.expectedBytes = 0;
    queueMicrotask(() => this.start());
    return true;
  }

  start(): this {
    this.expectedBytes = this.bytes;
    if (this.pace.admit(this)) this.takeTurn();
    return this;
  }
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.advance(10);
    await Promise.resolve();
  }
}

describe('StreamPace', () => {
  it('lets a stream that never pauses move so much in a second, evenly', async () => {
    const { clock, pace } = setUp();
    const reader = new Reader(pace, 500).start();
    await pass(clock, 1_000);
    const afterOne = reader.moved;
    await pass(clock, 1_000);
    expect(afterOne).toBeGreaterThan(RATE * 0.95);
    expect(afterOne).toBeLessThan(RATE * 1.1);
    expect(reader.moved - afterOne).toBeLessThan(RATE * 1.05);
  });

  it('shares it among the streams in turns', async () => {
    const { clock, pace } = setUp();
    const readers = Array.from({ length: 5 }, () => new Reader(pace, 500).start());
    await pass(clock, 5_000);
    for (const { moved } of readers) expect(Math.abs(moved / RATE - 1)).toBeLessThan(0.1);
  });

  it('lets a message that is larger than all there is through, and has it paid for later', async () => {
    const { clock, pace } = setUp();
    const large = new Reader(pace, 50_000).start();
    await pass(clock, 400);
    expect(large.moved).toBeLessThanOrEqual(150_000);
    await pass(clock, 9_600);
    // Ten seconds' worth, and what the last one still owes.
    expect(Math.round(large.moved / RATE)).toBeGreaterThanOrEqual(10);
    expect(Math.round(large.moved / RATE)).toBeLessThanOrEqual(11);
  });

  it('does not count a turn that a stream which has ended did not take', async () => {
    const { clock, pace } = setUp();
    const gone = new Reader(pace, 1_000_000);
    pace.took(RATE, 0);
    expect(pace.admit(gone)).toBe(false);
    gone.open = false;
    await pass(clock, 1_100);
    expect(pace.admit(new Reader(pace, 1))).toBe(true);
  });

  it('bounds what streams move together that expect nothing between their turns', async () => {
    const { clock, pace } = setUp();
    const readers = Array.from({ length: 10 }, () => new CreditedReader(pace, 2_000).start());
    await pass(clock, 5_000);
    const moved = readers.reduce((sum, reader) => sum + reader.moved, 0);
    expect(moved).toBeGreaterThan(RATE * 5 * 0.9);
    expect(moved).toBeLessThan(RATE * 5 * 1.1);
  });

  it('tells when streams want more for a while, and not of a short hurry', async () => {
    const { clock, pace, told } = setUp();
    const reader = new Reader(pace, 500).start();
    await pass(clock, 300);
    reader.open = false;
    await pass(clock, 2_000);
    expect(told).toEqual([]);
    new Reader(pace, 500).start();
    await pass(clock, 800);
    expect(told).toEqual([RATE]);
  });

  it('goes on when the time of day is set back', async () => {
    const { clock, pace } = setUp();
    const reader = new Reader(pace, 500).start();
    await pass(clock, 100);
    const { moved } = reader;
    jest.spyOn(clock, 'now').mockReturnValueOnce(-3_600_000).mockReturnValueOnce(-3_600_000);
    await pass(clock, 1_000);
    expect(reader.moved - moved).toBeGreaterThan(RATE * 0.9);
  });
});
