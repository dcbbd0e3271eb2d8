import type { Clock } from '@sluice/kernel';
import type { PluginLimits } from '../limits/plugin-limits';
import type { Program } from '../launch/stage-program';
import type { CgroupGroup } from './cgroup-group';
import { type LimitObserver, LimitWatch } from './limit-watch';

export interface ConfinementParts {
  limits: PluginLimits;
  uid: number | undefined;
  notEnforced: readonly string[];
  group: CgroupGroup | undefined;
  wrap(program: Program): string[];
  release(): void;
}

/** What keeps one process, and everything that it starts, to its limits. */
export class Confinement {
  private released: Promise<boolean> | undefined;
  private limitWatch: LimitWatch | undefined;

  constructor(private readonly parts: ConfinementParts) {}

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

  /** From now on tells when the running plugin comes to a limit. Ends with {@link release}. */
  watch(clock: Clock, observer: LimitObserver): void {
    const { group, limits } = this.parts;
    if (!group || this.released) return;
    this.limitWatch = new LimitWatch({ clock, limits, group, observer });
    this.limitWatch.start();
  }

  /** It takes more than its share in a way that {@link watch} does not see. */
  standBack(): void {
    this.limitWatch?.standBack();
  }

  /** The limit that explains an end, as the end of a sentence; undefined when none was reached. */
  explainEnd(): string | undefined {
    const { group, limits } = this.parts;
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
    this.limitWatch?.stop();
    this.released ??= (async () => {
      const removed = (await this.parts.group?.remove()) ?? true;
      this.parts.release();
      return removed;
    })();
    return this.released;
  }
}
