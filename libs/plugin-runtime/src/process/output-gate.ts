import type { Clock } from '@sluice/kernel';

/** Short, so that each window's work fits between two requests. */
const WINDOW_MS = 20;
/** What is cut into lines in a second, and at most at once; what is more is read and thrown away. Others wait while lines are cut. */
const KEPT_BYTES = { perSecond: 256 * 1024, burst: 256 * 1024 };
/** What has to be free again after a gap, so that there are few of them. */
const AFTER_GAP_BYTES = 32 * 1024;
/** What is read in a window; a plugin that writes even more than that waits. */
const READ_BYTES = 64 * 1024;
/** What was thrown away is told once a second. */
const WINDOWS_PER_REPORT = 50;
const NEWLINE = 0x0a;

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
  /** How much may still be kept; it fills up again with time. */
  private allowance = KEPT_BYTES.burst;
  private read = 0;
  private dropped = 0;
  private windows = 0;
  private ticking = false;
  private paused = false;
  private over = false;
  private flooded = false;

  constructor(private readonly options: OutputGateOptions) {}

  push(chunk: Buffer): void {
    if (this.over) return this.options.onChunk(chunk);
    if (!this.ticking) this.tick();
    this.read += chunk.length;
    this.keep(chunk);
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

  /** In a flood whole lines are kept and whole runs of them left out, so that a gap falls between two lines. */
  private keep(chunk: Buffer): void {
    if (this.flooded && this.allowance < AFTER_GAP_BYTES) return this.drop(chunk.length);
    const start = this.flooded ? chunk.indexOf(NEWLINE) + 1 : 0;
    const end = chunk.length - start <= this.allowance ? chunk.length : endOfLines(chunk, start, Math.floor(this.allowance));
    this.flooded = false;
    this.allowance -= end - start;
    if (end > start) this.options.onChunk(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
    this.drop(start);
    if (end === chunk.length) return;
    this.flooded = true;
    this.options.onGap();
    this.drop(chunk.length - end);
  }

  private drop(bytes: number): void {
    this.dropped += bytes;
  }

  private tick(): void {
    this.ticking = true;
    this.options.clock.after(WINDOW_MS, () => this.endWindow());
  }

  private endWindow(): void {
    if (this.over) return;
    this.read = 0;
    this.allowance = Math.min(KEPT_BYTES.burst, this.allowance + (KEPT_BYTES.perSecond * WINDOW_MS) / 1_000);
    this.windows += 1;
    if (this.windows % WINDOWS_PER_REPORT === 0) this.report();
    this.ticking = false;
    // Nothing to count and nothing to tell: the next chunk starts it again.
    if (this.dropped > 0 || this.allowance < KEPT_BYTES.burst) this.tick();
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

/** Where the last whole line of the next `room` bytes ends; all of them where no line does. */
function endOfLines(chunk: Buffer, start: number, room: number): number {
  const end = room > 0 ? chunk.lastIndexOf(NEWLINE, start + room - 1) + 1 : start;
  return end > start ? end : start + room;
}
