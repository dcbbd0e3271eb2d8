import { monotonicClock, type Clock } from '@sluice/kernel';

/** What bytes cost that were fetched and thrown away, beside the time that it took to judge them: about 100 MB a second. */
const MS_PER_BYTE = 1e-5;

/** Of one core, for each of two sources: with what connecting again and looking costs besides, it stays under one percent. */
const SHARE = 0.003;

/** So much may come at once before anything is held up. */
const BURST_MS = 200;

/**
 * Bounds what rubbish costs: whoever can write to a source decides what comes out of it, and must not decide how much of this process
 * it takes. Time that was spent in vain is a debt that is paid back at 0.3 percent of the time that passes.
 */
export class CostBudget {
  private debtMs = 0;
  private asOf: number;

  constructor(private readonly clock: Clock = monotonicClock) {
    this.asOf = clock.now();
  }

  /** Something came to nothing. */
  wasted(ms: number, bytes: number): void {
    this.debtMs = this.debt() + ms + bytes * MS_PER_BYTE;
    this.asOf = this.clock.now();
  }

  /** How long to leave the source alone; 0: no need to. */
  pauseMs(): number {
    return Math.ceil(Math.max(0, this.debt() - BURST_MS) / SHARE);
  }

  private debt(): number {
    return Math.max(0, this.debtMs - (this.clock.now() - this.asOf) * SHARE);
  }
}
