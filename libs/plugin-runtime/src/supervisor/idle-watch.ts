import type { Clock } from '@sluice/kernel';

const LOOK_EVERY_MS = 1_000;

export interface IdleWatchOptions {
  clock: Clock;
  generation: { readonly channel: { readonly activeCalls: number } };
  /** How long nobody may need it. */
  idleMs: number;
  /** Called at every look after that, until somebody needs it again or the watch is stopped. */
  onIdle(): void;
}

/** Looks now and then whether a plugin that was started on demand is still needed. */
export class IdleWatch {
  private usedAt: number;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: IdleWatchOptions) {
    this.usedAt = options.clock.now();
    this.lookLater();
  }

  /** Somebody is about to call it. */
  use(): void {
    this.usedAt = this.options.clock.now();
  }

  stop(): void {
    this.cancel();
  }

  private lookLater(): void {
    this.cancel = this.options.clock.after(LOOK_EVERY_MS, () => {
      this.lookLater();
      this.look();
    });
  }

  private look(): void {
    const { clock, generation, idleMs, onIdle } = this.options;
    if (generation.channel.activeCalls > 0) this.use();
    else if (clock.now() - this.usedAt >= idleMs) onIdle();
  }
}
