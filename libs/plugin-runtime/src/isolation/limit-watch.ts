import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';
import type { CgroupGroup } from './cgroup-group';
import { ProcessorWatch } from './processor-watch';
import { StandBack } from './stand-back';

/** What a plugin does to the processors before it is seen is felt by others. */
const LOOK_EVERY_MS = 500;
/** Processes that are refused harm nobody else: they are counted together. */
const LOOKS_UNTIL_TOLD = 4;

/** Is told when a plugin that goes on running has come to a limit. */
export interface LimitObserver {
  refusedProcesses(times: number, limit: number): void;
  heldBack(cores: number): void;
}

export interface LimitWatchOptions {
  clock: Clock;
  limits: PluginLimits;
  group: Pick<CgroupGroup, 'refusedForks' | 'heldBack' | 'standBack'>;
  observer: LimitObserver;
}

/** Looks now and then whether a plugin has come to the limits that do not end it. */
export class LimitWatch {
  private forks = 0;
  private looks = 0;
  private lookedAt: number;
  private readonly place: StandBack;
  private readonly processor: ProcessorWatch | undefined;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: LimitWatchOptions) {
    const { clock, limits, group, observer } = options;
    this.lookedAt = clock.now();
    this.place = new StandBack(clock, group);
    if (limits.cpu !== undefined) this.processor = new ProcessorWatch(limits.cpu, group, this.place, observer);
  }

  start(): void {
    const { pids, cpu } = this.options.limits;
    if (pids === undefined && cpu === undefined) return;
    this.cancel = this.options.clock.after(LOOK_EVERY_MS, () => {
      this.look();
      this.start();
    });
  }

  /** Somebody else saw that it takes more than its share. */
  standBack(): void {
    this.place.remain();
  }

  stop(): void {
    this.cancel();
    this.place.stop();
  }

  private look(): void {
    const now = this.options.clock.now();
    // An event loop that stood for a while looks late. The time of day may have been set back.
    this.processor?.look(Math.max(LOOK_EVERY_MS, now - this.lookedAt));
    this.lookedAt = now;
    this.looks += 1;
    if (this.looks % LOOKS_UNTIL_TOLD === 0) this.lookAtForks();
  }

  private lookAtForks(): void {
    const { limits, group, observer } = this.options;
    if (limits.pids === undefined) return;
    const { refusedForks } = group;
    if (refusedForks > this.forks) observer.refusedProcesses(refusedForks - this.forks, limits.pids);
    this.forks = refusedForks;
  }
}
