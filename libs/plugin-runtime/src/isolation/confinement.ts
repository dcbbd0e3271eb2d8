import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';
import type { Program } from '../launch/stage-program';
import type { CgroupGroup } from './cgroup-group';
import { type LimitObserver, LimitWatch } from './limit-watch';

/** For so long after it serves again, a plugin whose memory ended it has this part of its cores, behind others. */
const PROBATION_MS = 10_000;
const PROBATION_SHARE = 0.25;

export interface ConfinementParts {
  limits: PluginLimits;
  uid: number | undefined;
  notEnforced: readonly string[];
  group: CgroupGroup | undefined;
  /** Whether the process before it was ended by its limit of memory. */
  onProbation: boolean;
  wrap(program: Program): string[];
  /** Its limit of memory has ended it. */
  onOutOfMemory(): void;
  release(): void;
}

/** What keeps one process, and everything that it starts, to its limits. */
export class Confinement {
  private released: Promise<boolean> | undefined;
  private limitWatch: LimitWatch | undefined;
  private cancel: () => void = () => undefined;

  constructor(private readonly parts: ConfinementParts) {
    if (parts.onProbation) this.setProbation(true);
  }

  get limits(): PluginLimits {
    return this.parts.limits;
  }

  /** The user that the process runs under, or undefined when that is the host's own. */
  get uid(): number | undefined {
    return this.parts.uid;
  }

  get notEnforced(): readonly string[] {
    return this.parts.notEnforced;
  }

  /** The command that becomes the program inside of its limits. */
  wrap(program: Program): string[] {
    return this.parts.wrap(program);
  }

  /** From now on, or from the end of its probation on, tells when the running plugin comes to a limit. Ends with {@link release}. */
  watch(clock: Clock, observer: LimitObserver): void {
    const { group, limits, onProbation } = this.parts;
    if (!group || this.released) return;
    const begin = () => {
      this.limitWatch = new LimitWatch({ clock, limits, group, observer });
      this.limitWatch.start();
    };
    if (!onProbation) return begin();
    this.cancel = clock.after(PROBATION_MS, () => {
      this.setProbation(false);
      begin();
    });
  }

  /** It takes more than its share in a way that {@link watch} does not see. */
  standBack(): void {
    this.limitWatch?.standBack();
  }

  /** It has just ended. @returns the limit that explains it, as the end of a sentence; undefined when none was reached. */
  explainEnd(signal: NodeJS.Signals | null): string | undefined {
    const { group, limits } = this.parts;
    // A process that it started may have been ended long ago, and it itself for another reason; and a machine without memory ends whom it likes.
    if (group?.ranOutOfMemory && signal === 'SIGKILL' && limits.memoryMb !== undefined) this.parts.onOutOfMemory();
    if (group?.ranOutOfMemory) return limits.memoryMb === undefined ? 'because there was no memory left for it' : `because it needed more memory than its limit of ${limits.memoryMb} MiB`;
    if (group && group.refusedForks > 0) return `after it was refused more than its limit of ${limits.pids} processes`;
    return undefined;
  }

  /** Whether {@link kill} finds everything that the process starts. */
  get findsAll(): boolean {
    return this.parts.group !== undefined;
  }

  /** SIGKILL for whatever the process started, also what left its process group. */
  kill(): void {
    this.parts.group?.kill();
  }

  /** Ends what is left and gives everything back. @returns false when a control group could not be removed. */
  release(): Promise<boolean> {
    this.cancel();
    this.limitWatch?.stop();
    this.released ??= (async () => {
      const removed = (await this.parts.group?.remove()) ?? true;
      this.parts.release();
      return removed;
    })();
    return this.released;
  }

  private setProbation(on: boolean): void {
    const { group, limits } = this.parts;
    group?.standBack(on);
    if (limits.cpu !== undefined) group?.limitCores(on ? limits.cpu * PROBATION_SHARE : limits.cpu);
  }
}
