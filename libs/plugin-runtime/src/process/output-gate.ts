import type { Clock } from '@sluice/kernel';

const WINDOW_MS = 100;
/** What is cut into lines in a second, and at most at once; what is more is read and thrown away. */
const KEPT_BYTES_PER_SECOND = 1024 * 1024;
/** What is read in a window; a plugin that writes even more than that waits. */
const READ_BYTES = 1024 * 1024;
/** What was thrown away is told once a second. */
const WINDOWS_PER_REPORT = 10;

/** Where output comes from. */
export interface OutputFlow {
  pause(): void;
  resume(): void;
}

export interface OutputGateOptions {
  clock: Clock;
  flow: OutputFlow;
  /** Output within the bounds. */
  onChunk(chunk: Buffer): void;
  /** Some was left out: between the chunks before and after there is a gap. */
  onGap(): void;
  /** How much was left out since the last time. */
  onFlood(bytes: number): void;
}

/** Bounds what one plugin's output costs its host in time: reading and cutting a gigabyte would keep everybody else waiting. */
export class OutputGate {
  /** How much may still be kept, give or take a chunk; it fills up again with time. */
  private allowance = KEPT_BYTES_PER_SECOND;
  private read = 0;
  private dropped = 0;
  private windows = 0;
  private ticking = false;
  private paused = false;
  private over = false;

  constructor(private readonly options: OutputGateOptions) {}

  push(chunk: Buffer): void {
    if (this.over) return this.options.onChunk(chunk);
    if (!this.ticking) this.tick();
    this.read += chunk.length;
    if (this.allowance > 0) {
      this.allowance -= chunk.length;
      this.options.onChunk(chunk);
    } else {
      if (this.dropped === 0) this.options.onGap();
      this.dropped += chunk.length;
    }
    if (this.read < READ_BYTES || this.paused) return;
    this.paused = true;
    this.options.flow.pause();
  }

  /** The writer has ended: what is on its way is little, and it is the most interesting. */
  end(): void {
    this.over = true;
    this.report();
    this.goOn();
  }

  private tick(): void {
    this.ticking = true;
    this.options.clock.after(WINDOW_MS, () => this.endWindow());
  }

  private endWindow(): void {
    if (this.over) return;
    this.read = 0;
    this.allowance = Math.min(KEPT_BYTES_PER_SECOND, this.allowance + (KEPT_BYTES_PER_SECOND * WINDOW_MS) / 1_000);
    this.windows += 1;
    if (this.windows % WINDOWS_PER_REPORT === 0) this.report();
    this.ticking = false;
    // Nothing to count and nothing to tell: the next chunk starts it again.
    if (this.dropped > 0 || this.allowance < KEPT_BYTES_PER_SECOND) this.tick();
    this.goOn();
  }

  private goOn(): void {
    if (!this.paused) return;
    this.paused = false;
    this.options.flow.resume();
  }

  private report(): void {
    if (this.dropped > 0) this.options.onFlood(this.dropped);
    this.dropped = 0;
  }
}
