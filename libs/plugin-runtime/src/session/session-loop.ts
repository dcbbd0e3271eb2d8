import { OpenSessionResponse_CloseReason, type OpenSessionResponse } from '@sluice/contracts/plugin';
import type { Clock } from '@sluice/kernel';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** A session that "timed out" sooner than this is an error in the plugin; opening the next at once would be a busy loop. */
const SHORTEST_SESSION_MS = 100;

export interface SessionLoopOptions {
  clock: Clock;
  /** Asks the plugin to open a session; the plugin blocks in it. */
  open(): Promise<OpenSessionResponse>;
}

/** Keeps one session open for as long as the plugin wants one. Plugins start their background work when the first is ready. */
export class SessionLoop {
  private stopped = false;
  private delayMs = FIRST_DELAY_MS;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: SessionLoopOptions) {}

  start(): void {
    void this.next();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private async next(): Promise<void> {
    const openedAt = this.options.clock.now();
    let reason: OpenSessionResponse_CloseReason | undefined;
    try {
      reason = (await this.options.open()).closeReason;
    } catch {
      reason = undefined;
    }
    if (this.stopped || reason === OpenSessionResponse_CloseReason.EXPLICIT_CLOSE) return;
    if (reason === OpenSessionResponse_CloseReason.TIMEOUT && this.options.clock.now() - openedAt >= SHORTEST_SESSION_MS) {
      this.delayMs = FIRST_DELAY_MS;
      return this.next();
    }
    this.cancel = this.options.clock.after(this.delayMs, () => void this.next());
    this.delayMs = Math.min(this.delayMs * 2, LONGEST_DELAY_MS);
  }
}
