import type { Clock } from '@sluice/kernel';
import type { CgroupGroup } from './cgroup-group';

const MODEST_AFTER_MS = 10_000;

/**
 * The place of a plugin that takes more than its share: behind everybody else, until it has been modest for a while. A plugin holds a core
 * whenever it has something to do, and who wakes up meanwhile waits for the scheduler's next tick; behind others it goes at once.
 */
export class StandBack {
  private back = false;
  private stopped = false;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly group: Pick<CgroupGroup, 'standBack'>,
  ) {}

  /** It took more than its share just now. */
  remain(): void {
    if (this.stopped) return;
    if (!this.back) this.group.standBack(true);
    this.back = true;
    this.cancel();
    this.cancel = this.clock.after(MODEST_AFTER_MS, () => this.comeForward());
  }

  /** Nobody is to be put anywhere any more. */
  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private comeForward(): void {
    this.back = false;
    this.group.standBack(false);
  }
}
