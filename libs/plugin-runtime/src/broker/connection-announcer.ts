import type { Clock } from '@sluice/kernel';

/** An announcement that nobody took is dropped by the plugin after 5 s. */
const REPEAT_MS = 2_000;
/** Two announcements for one dial make compiled plugins close a channel twice, which ends them. */
const APART_MS = 100;

/**
 * When to tell a plugin where its host listens: at once, every 2 s, again when a connection drops, and never twice within 100 ms (section
 * 4.2 of the plugin wire contract). It goes on while a connection lives, because one announcement serves one dial: otherwise a compiled
 * plugin that dials a second time would wait in vain.
 */
export class ConnectionAnnouncer {
  private lastAt = -Infinity;
  private stopped = false;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly announce: () => void,
  ) {}

  start(): void {
    this.say();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  disconnected(): void {
    this.say();
  }

  private say(): void {
    this.cancel();
    if (this.stopped) return;
    const wait = this.lastAt + APART_MS - this.clock.now();
    if (wait > 0) {
      this.cancel = this.clock.after(wait, () => this.say());
      return;
    }
    this.lastAt = this.clock.now();
    this.announce();
    this.cancel = this.clock.after(REPEAT_MS, () => this.say());
  }
}
