import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';

const SLICE_MS = 10;
/** Of what may be moved in a second, what a quiet plugin may move at once. */
const BURST_SHARE = 0.02;
/** A shorter hurry is nobody's business; a longer one is felt by others. */
const TELL_AFTER_MS = 500;

/** A stream that has to ask before it reads the next message. */
export interface PacedStream {
  /** What its next message will probably have. */
  readonly expectedBytes: number;
  /** Its turn has come. @returns false when it does not want to read any more. */
  takeTurn(): boolean;
}

/** Decides when streams read on. */
export interface StreamPacing {
  /** True: read now. False: wait for `takeTurn`. */
  admit(stream: PacedStream): boolean;
  /** A message came that had been expected to have `expected` bytes; 0 when it was not admitted. */
  took(bytes: number, expected: number): void;
}

/** For what does not have to be bounded. */
export const UNPACED: StreamPacing = { admit: () => true, took: () => undefined };

/** What these limits ask for. */
export function pacingFor({ streamBytesPerSecond }: Pick<PluginLimits, 'streamBytesPerSecond'>, clock: Clock, observer: { slowed(bytesPerSecond: number): void }): StreamPacing {
  return streamBytesPerSecond === undefined ? UNPACED : new StreamPace(streamBytesPerSecond, clock, (bytesPerSecond) => observer.slowed(bytesPerSecond));
}

/**
 * Bounds what all streams of one plugin together move in a second, evenly and in turns, so that one that never pauses leaves the host and
 * the processors to others. What a message has above what there was is paid for later.
 */
export class StreamPace implements StreamPacing {
  private readonly burst: number;
  private allowance: number;
  private filledAt: number;
  private hurriesSince: number | undefined;
  private waiting: PacedStream[] = [];

  constructor(
    private readonly bytesPerSecond: number,
    private readonly clock: Clock,
    /** Its streams have been wanting more than that for a while. */
    private readonly onSlowed: (bytesPerSecond: number) => void,
  ) {
    this.burst = this.allowance = bytesPerSecond * BURST_SHARE;
    this.filledAt = clock.now();
  }

  admit(stream: PacedStream): boolean {
    if (this.allowance <= 0) this.fill();
    if (this.allowance > 0 && this.waiting.length === 0) {
      this.allowance -= stream.expectedBytes;
      return true;
    }
    this.waiting.push(stream);
    if (this.waiting.length === 1) this.nextSlice();
    return false;
  }

  took(bytes: number, expected: number): void {
    this.allowance -= bytes - expected;
  }

  private nextSlice(): void {
    this.hurriesSince ??= this.clock.now();
    this.clock.after(SLICE_MS, () => this.giveTurns());
  }

  private giveTurns(): void {
    this.fill();
    const { waiting } = this;
    let turns = 0;
    for (; turns < waiting.length && this.allowance > 0; turns += 1) {
      const stream = waiting[turns]!;
      // Afterwards it expects the bytes of its next turn.
      const bytes = stream.expectedBytes;
      if (stream.takeTurn()) this.allowance -= bytes;
    }
    this.waiting = waiting.slice(turns);
    if (this.waiting.length > 0) this.nextSlice();
  }

  private fill(): void {
    const now = this.clock.now();
    // The time of day may have been set back.
    const seconds = Math.max(0, now - this.filledAt) / 1_000;
    this.allowance = Math.min(this.burst, this.allowance + seconds * this.bytesPerSecond);
    this.filledAt = now;
    if (this.allowance === this.burst) this.hurriesSince = undefined;
    if (this.hurriesSince === undefined || now - this.hurriesSince < TELL_AFTER_MS) return;
    this.hurriesSince = now;
    this.onSlowed(this.bytesPerSecond);
  }
}
