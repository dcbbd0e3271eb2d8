import type { Clock } from '@sluice/kernel';
import type { CurrentState } from './current-state';

/** How old the configuration may be: since when nobody has confirmed that there is nothing newer. */
export class Freshness {
  private confirmedAtMs = 0;

  constructor(
    private readonly current: CurrentState,
    private readonly clock: Clock,
  ) {
    current.onSwap((state) => {
      // The studio answers for itself. What lay in Redis or on disk says when it was true, and not for how long.
      const since = state.source === 'http' ? clock.now() : Math.min(clock.now(), Date.parse(state.header.created_at));
      this.confirmedAtMs = Math.max(this.confirmedAtMs, since);
    });
  }

  /** Studio or Redis has just said that the revision in force is the newest. */
  confirm(): void {
    if (this.current.get()) this.confirmedAtMs = this.clock.now();
  }

  /** Undefined before the first snapshot. */
  ageSeconds(): number | undefined {
    return this.current.get() ? Math.max(0, (this.clock.now() - this.confirmedAtMs) / 1000) : undefined;
  }
}
