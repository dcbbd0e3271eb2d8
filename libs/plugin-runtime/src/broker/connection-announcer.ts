import type { Clock } from '@sluice/kernel';

/** An announcement that nobody took is dropped by the plugin after 5 s. */
const REPEAT_MS = 2_000;
/** Two announcements for one dial make compiled plugins close a channel twice, which ends them. */
const APART_MS = 100;

/**
 * When to tell a plugin where its host listens: at once, about every 2 s while it has no live connection, again when one drops, and
 * never twice within 100 ms (section 4.2 of the plugin wire contract).
 */
export class ConnectionAnnouncer {
  private live = 0;
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

  connected(): void {
    this.live += 1;
    this.cancel();
  }

  disconnected(): void {
    this.live -= 1;
    if (this.live === 0) this.say();
  }

  private say(): void {
    this.cancel();
    if (this.stopped || this.live > 0) return;
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
