import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { PluginDefinition } from '../host/plugin-host';
import type { OciPrograms } from './oci-programs';

export interface ProgramGarbageOptions {
  programs: OciPrograms;
  clock: Clock;
  /** Longer than a generation drains: most of what was just replaced has ended by then. */
  delayMs: number;
  logger: Logger;
}

/** Removes programs that no definition names any more and that nothing runs, some time after the definitions changed. */
export class ProgramGarbage {
  private wanted: readonly string[] | undefined;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: ProgramGarbageOptions) {}

  /** `inUse` is asked at the moment of the collection: what runs may have been replaced later, or be kept because its successor failed. */
  follow(definitions: readonly PluginDefinition[], inUse: () => readonly PluginDefinition[]): void {
    const wanted = digestsOf(definitions);
    if (wanted.join() === this.wanted?.join()) return;
    this.wanted = wanted;
    this.collectLater(wanted, inUse);
  }

  stop(): void {
    this.cancel();
  }

  private collectLater(wanted: readonly string[], inUse: () => readonly PluginDefinition[]): void {
    this.cancel();
    this.cancel = this.options.clock.after(this.options.delayMs, () => {
      const used = digestsOf(inUse()).filter((digest) => !wanted.includes(digest));
      void this.collect([...wanted, ...used]);
      if (used.length > 0) this.collectLater(wanted, inUse);
    });
  }

  private async collect(keep: readonly string[]): Promise<void> {
    try {
      await this.options.programs.collectGarbage(keep);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'Programs of plugins that are not in use any more could not be removed.');
    }
  }
}

function digestsOf(definitions: readonly PluginDefinition[]): string[] {
  const digests = definitions.flatMap(({ deployment }) => (deployment.kind === 'oci' && deployment.digest !== undefined ? [deployment.digest] : []));
  return [...new Set(digests)].sort();
}
