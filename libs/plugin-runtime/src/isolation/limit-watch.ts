import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';
import type { CgroupGroup } from './cgroup-group';

const LOOK_EVERY_MS = 2_000;
/** The kernel shares processor time out anew ten times a second. */
const BUSY_PERIODS = (LOOK_EVERY_MS / 100) * 0.75;
const BUSY_LOOKS = 3;
/** Looks during which the same is not said again. */
const QUIET_LOOKS = 15;

export interface LimitWatchOptions {
  clock: Clock;
  limits: PluginLimits;
  group: Pick<CgroupGroup, 'refusedForks' | 'heldBack'>;
  /** One sentence for whoever looks at the plugin's last lines. */
  say(sentence: string): void;
}

/** Says when a plugin that goes on running has come to a limit. */
export class LimitWatch {
  private forks = 0;
  private heldBack = 0;
  private busy = 0;
  private quiet = 0;
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
    const { limits, group, say } = this.options;
    const { refusedForks, heldBack } = group;
    this.busy = heldBack - this.heldBack >= BUSY_PERIODS ? this.busy + 1 : 0;
    this.heldBack = heldBack;
    this.quiet = Math.max(0, this.quiet - 1);
    if (this.quiet > 0) return;
    if (refusedForks > this.forks) {
      say(`The plugin was refused another process ${refusedForks - this.forks} times: it may have ${limits.pids}.`);
      this.forks = refusedForks;
      this.quiet = QUIET_LOOKS;
    } else if (this.busy >= BUSY_LOOKS) {
      say(`The plugin is held back: it wants more than its limit of ${limits.cpu} processor cores.`);
      this.quiet = QUIET_LOOKS;
    }
  }
}
