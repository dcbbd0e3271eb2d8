import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { gatewayErrors } from '../service-api/gateway-errors';
import { DurableLevel, type RowChange, type RowRange } from './durable-level';
import { GroupCommit } from './group-commit';

export type { RowChange } from './durable-level';

/**
 * What plugins keep on a gateway's disk: a LevelDB in the state folder. A change that is acknowledged survives a kill and a power cut;
 * of a change that is not, nothing is seen.
 */
export class PluginDatabase {
  private readonly commits = new GroupCommit<RowChange>((changes) => this.write(changes));
  private failing = false;

  private constructor(
    private readonly level: DurableLevel,
    private readonly logger: Logger,
    /** Something may be missing that was acknowledged. */
    readonly wasDamaged = false,
  ) {}

  /** Opens it, or makes it. One that is damaged is mended as far as possible; one that is beyond that is set aside, so that the gateway starts. */
  static async open(stateFolder: string, clock: Clock, logger: Logger): Promise<PluginDatabase> {
    const folder = join(stateFolder, 'plugin-data');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return new PluginDatabase(await DurableLevel.open(folder), logger);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      logger.error({ event: 'plugin_data.damaged', folder, err: error }, 'what plugins keep here is damaged; trying to mend it');
    }
    try {
      await ClassicLevel.repair(folder);
      return new PluginDatabase(await DurableLevel.open(folder), logger, true);
    } catch (error) {
      const aside = `${folder}.bad-${new Date(clock.now()).toISOString().replaceAll(':', '')}`;
      logger.error({ event: 'plugin_data.set_aside', folder: aside, err: error }, 'what plugins kept here cannot be mended; it was set aside');
      await rename(folder, aside);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return new PluginDatabase(await DurableLevel.open(folder), logger, true);
    }
  }

  /** Resolves when the changes are on the disk, all of them together. @throws gatewayErrors.notStored */
  commit(changes: readonly RowChange[]): Promise<void> {
    return this.commits.commit(changes);
  }

  get(key: Buffer): Promise<Buffer | undefined> {
    return this.level.get(key);
  }

  /** Rows in the order of their keys. */
  rows(range: RowRange): AsyncIterable<[Buffer, Buffer]> {
    return this.level.rows(range);
  }

  async close(): Promise<void> {
    await this.commits.settled();
    await this.level.close();
  }

  private async write(changes: readonly RowChange[]): Promise<void> {
    try {
      await this.level.write(changes);
    } catch (cause) {
      if (!this.failing) this.logger.error({ event: 'plugin_data.write_failed', err: cause }, 'what plugins keep cannot be written to the disk');
      this.failing = true;
      throw new gatewayErrors.notStored({}, { cause });
    }
    if (this.failing) this.logger.info({ event: 'plugin_data.writes_again' }, 'what plugins keep can be written to the disk again');
    this.failing = false;
  }
}

function isDamaged(error: unknown): boolean {
  // The cause comes from native code, so it may be no instance of this Error.
  const { message = '', cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return cause?.code === 'LEVEL_CORRUPTION' || /corrupt/i.test(`${message} ${cause?.message ?? ''}`);
}
