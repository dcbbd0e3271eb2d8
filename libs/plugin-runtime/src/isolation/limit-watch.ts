import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';
import type { CgroupGroup } from './cgroup-group';
import { cpuPeriodUs } from './cgroup-tree';

const LOOK_EVERY_MS = 2_000;
/** Of the periods between two looks. */
const BUSY_SHARE = 0.75;
const BUSY_LOOKS = 3;

/** Is told when a plugin that goes on running has come to a limit. */
export interface LimitObserver {
  refusedProcesses(times: number, limit: number): void;
  heldBack(cores: number): void;
}

export interface LimitWatchOptions {
  clock: Clock;
  limits: PluginLimits;
  group: Pick<CgroupGroup, 'refusedForks' | 'heldBack'>;
  observer: LimitObserver;
}

/** Looks now and then whether a plugin has come to the limits that do not end it. */
export class LimitWatch {
  private forks = 0;
  private heldBack = 0;
  private busy = 0;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: LimitWatchOptions) {}

  start(): void {
    const { pids, cpu } = this.options.limits;
    if (pids === undefined && cpu === undefined) return;
    this.cancel = this.options.clock.after(LOOK_EVERY_MS, () => {
      this.look();
      this.start();
    });
  }

  stop(): void {
    this.cancel();
  }

  private look(): void {
    const { limits, group, observer } = this.options;
    const { refusedForks, heldBack } = group;
    if (limits.pids !== undefined && refusedForks > this.forks) observer.refusedProcesses(refusedForks - this.forks, limits.pids);
    this.forks = refusedForks;
    if (limits.cpu === undefined) return;
    const periods = (LOOK_EVERY_MS * 1_000) / cpuPeriodUs(limits.cpu);
    this.busy = heldBack - this.heldBack >= periods * BUSY_SHARE ? this.busy + 1 : 0;
    this.heldBack = heldBack;
    if (this.busy >= BUSY_LOOKS) observer.heldBack(limits.cpu);
  }
}
