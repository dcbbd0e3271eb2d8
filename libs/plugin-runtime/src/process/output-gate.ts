import type { Clock } from '@sluice/kernel';

const WINDOW_MS = 1_000;
/** What is cut into lines in a second; what comes after is read and thrown away. */
const KEPT_BYTES = 2 * 1024 * 1024;
/** What is read in a second; a plugin that writes even more than that waits. */
const READ_BYTES = 32 * 1024 * 1024;

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
  /** How much was left out within the last second. */
  onFlood(bytes: number): void;
}

/** Bounds what one plugin's output costs its host in time: reading and cutting a gigabyte would keep everybody else waiting. */
export class OutputGate {
  private read = 0;
  private dropped = 0;
  private windowOpen = false;
  private paused = false;
  private over = false;

  constructor(private readonly options: OutputGateOptions) {}

  push(chunk: Buffer): void {
    const { clock, flow, onChunk, onGap } = this.options;
    if (!this.windowOpen) {
      this.windowOpen = true;
      clock.after(WINDOW_MS, () => this.endWindow());
    }
    this.read += chunk.length;
    if (this.read <= KEPT_BYTES || this.over) return onChunk(chunk);
    if (this.dropped === 0) onGap();
    this.dropped += chunk.length;
    if (this.read <= READ_BYTES || this.paused) return;
    this.paused = true;
    flow.pause();
  }

  /** The writer has ended: what is on its way is little, and it is the most interesting. */
  end(): void {
    this.over = true;
    this.endWindow();
  }

  private endWindow(): void {
    const { dropped, paused } = this;
    this.windowOpen = this.paused = false;
    this.read = this.dropped = 0;
    if (dropped > 0) this.options.onFlood(dropped);
    if (paused) this.options.flow.resume();
  }
}
