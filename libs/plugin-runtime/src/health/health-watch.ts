import type { Clock } from '@sluice/kernel';

const MISSES_OF_A_HANG = 3;

export interface HealthWatchOptions {
  clock: Clock;
  intervalMs: number;
  check(): Promise<boolean>;
  /** Called once, after three misses in a row. */
  onHang(): void;
}

/** Finds a process that is there but does not answer. A process that ends is seen elsewhere, and at once. */
export class HealthWatch {
  private misses = 0;
  private stopped = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: HealthWatchOptions) {}

  start(): void {
    this.cancel = this.options.clock.after(this.options.intervalMs, () => void this.round());
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private async round(): Promise<void> {
    const healthy = await this.options.check();
    if (this.stopped) return;
    this.misses = healthy ? 0 : this.misses + 1;
    if (this.misses < MISSES_OF_A_HANG) return this.start();
    this.stop();
    this.options.onHang();
  }
}
