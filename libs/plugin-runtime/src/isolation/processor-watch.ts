import type { CgroupGroup } from './cgroup-group';
import { cpuPeriodUs } from './cgroup-tree';
import type { LimitObserver } from './limit-watch';

/** Of the periods between two looks. */
const BUSY_SHARE = 0.75;
const MODEST_AFTER_MS = 10_000;
/** A short hurry is nobody's business. */
const TOLD_AFTER_MS = 4_000;

/**
 * A plugin that uses up its processor time again and again holds a core whenever it has some, and whoever wakes up meanwhile waits for the
 * scheduler's next tick. So it stands back, behind everybody else, until it has been modest for a while.
 */
export class ProcessorWatch {
  private heldBack = 0;
  private busyMs = 0;
  /** How long it still has to stand back; 0 when it does not. */
  private backForMs = 0;

  constructor(
    private readonly cores: number,
    private readonly group: Pick<CgroupGroup, 'heldBack' | 'standBack'>,
    private readonly observer: Pick<LimitObserver, 'heldBack'>,
  ) {}

  look(sinceMs: number): void {
    const { heldBack } = this.group;
    const periods = (sinceMs * 1_000) / cpuPeriodUs(this.cores);
    const busy = heldBack - this.heldBack >= periods * BUSY_SHARE;
    this.heldBack = heldBack;
    if (busy) this.remain(sinceMs);
    else this.relent(sinceMs);
  }

  private remain(sinceMs: number): void {
    if (this.backForMs === 0) this.group.standBack(true);
    this.backForMs = MODEST_AFTER_MS;
    this.busyMs += sinceMs;
    if (this.busyMs < TOLD_AFTER_MS) return;
    this.busyMs = 0;
    this.observer.heldBack(this.cores);
  }

  private relent(sinceMs: number): void {
    if (this.backForMs === 0) return;
    this.backForMs = Math.max(0, this.backForMs - sinceMs);
    if (this.backForMs > 0) return;
    this.busyMs = 0;
    this.group.standBack(false);
  }
}
