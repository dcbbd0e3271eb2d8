import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { PluginDefinition } from '../host/plugin-host';
import type { OciPrograms } from './oci-programs';

export interface ProgramGarbageOptions {
  programs: OciPrograms;
  clock: Clock;
  /** Longer than a generation drains: what was just replaced may still be running. */
  delayMs: number;
  logger: Logger;
}

/** Removes programs that no definition names any more, some time after the definitions changed. */
export class ProgramGarbage {
  private wanted: string | undefined;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: ProgramGarbageOptions) {}

  follow(definitions: readonly PluginDefinition[]): void {
    const keep = definitions.flatMap(({ deployment }) => (deployment.kind === 'oci' && deployment.digest !== undefined ? [deployment.digest] : [])).sort();
    if (keep.join() === this.wanted) return;
    this.wanted = keep.join();
    this.cancel();
    this.cancel = this.options.clock.after(this.options.delayMs, () => void this.collect(keep));
  }

  stop(): void {
    this.cancel();
  }

  private async collect(keep: readonly string[]): Promise<void> {
    try {
      await this.options.programs.collectGarbage(keep);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'Programs of plugins that are not in use any more could not be removed.');
    }
  }
}
