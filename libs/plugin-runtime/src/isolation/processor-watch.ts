import type { CgroupGroup } from './cgroup-group';
import { cpuPeriodUs } from './cpu-files';
import type { StandBack } from './stand-back';

/** Of the periods between two looks. */
const BUSY_SHARE = 0.75;
/** A short hurry is nobody's business. */
const TOLD_AFTER_MS = 4_000;
const FORGOTTEN_AFTER_MS = 10_000;

/** Notices that a plugin, from now on, uses up its processor time again and again, and lets it stand back. */
export class ProcessorWatch {
  private heldBack: number;
  private busyMs = 0;
  private modestMs = 0;

  constructor(
    private readonly cores: number,
    private readonly group: Pick<CgroupGroup, 'heldBack'>,
    private readonly place: Pick<StandBack, 'remain'>,
    private readonly observer: { heldBack(cores: number): void },
  ) {
    this.heldBack = group.heldBack;
  }

  look(sinceMs: number): void {
    const { heldBack } = this.group;
    const periods = (sinceMs * 1_000) / cpuPeriodUs(this.cores);
    const busy = heldBack - this.heldBack >= periods * BUSY_SHARE;
    this.heldBack = heldBack;
    if (busy) this.seenBusy(sinceMs);
    else this.seenModest(sinceMs);
  }

  private seenBusy(sinceMs: number): void {
    this.place.remain();
    this.modestMs = 0;
    this.busyMs += sinceMs;
    if (this.busyMs < TOLD_AFTER_MS) return;
    this.busyMs = 0;
    this.observer.heldBack(this.cores);
  }

  /** Who stands back is not always held back: others may have wanted the processors. */
  private seenModest(sinceMs: number): void {
    this.modestMs += sinceMs;
    if (this.modestMs >= FORGOTTEN_AFTER_MS) this.busyMs = 0;
  }
}
