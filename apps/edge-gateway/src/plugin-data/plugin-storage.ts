import { CrashCard, RefusedCall } from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { KvStore } from './kv-store';
import { PayloadOutbox } from './payload-outbox';
import { PluginDatabase } from './plugin-database';
import { RemovedPlugins } from './removed-plugins';
import { ReportShelf } from './report-shelf';

export interface PluginStorageOptions {
  stateFolder: string;
  kvQuotaBytes: number;
  outboxQuotaBytes: number;
}

const SWEEP_MS = 60_000;

/** Everything that plugins keep on this gateway's disk. */
export class PluginStorage {
  private cancelSweep: () => void = () => undefined;
  private tidying: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: PluginDatabase,
    readonly kv: KvStore,
    readonly outbox: PayloadOutbox,
    /** Until the studio has them. */
    readonly crashCards: ReportShelf<CrashCard>,
    readonly refusedCalls: ReportShelf<RefusedCall>,
    private readonly removed: RemovedPlugins,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.sweepLater();
  }

  static async open({ stateFolder, kvQuotaBytes, outboxQuotaBytes }: PluginStorageOptions, clock: Clock, logger: Logger): Promise<PluginStorage> {
    const database = await PluginDatabase.open(stateFolder, clock, logger);
    const kv = await KvStore.open(database, clock, kvQuotaBytes);
    const outbox = await PayloadOutbox.open(database, clock, outboxQuotaBytes);
    const crashCards = await ReportShelf.open(database, 'crashCard', CrashCard, logger);
    const refusedCalls = await ReportShelf.open(database, 'refusedCall', RefusedCall, logger);
    return new PluginStorage(database, kv, outbox, crashCards, refusedCalls, await RemovedPlugins.open(database, kv, clock), clock, logger);
  }

  /** Follows the configuration: these plugins are in it. Never rejects. */
  follow(pluginIds: ReadonlySet<number>): Promise<void> {
    return this.tidy(() => this.removed.follow(pluginIds));
  }

  async close(): Promise<void> {
    this.cancelSweep();
    await this.tidying;
    await this.database.close();
  }

  private sweepLater(): void {
    this.cancelSweep = this.clock.after(SWEEP_MS, () => {
      void this.tidy(async () => {
        await this.removed.sweep();
        await this.kv.sweep();
      });
      this.sweepLater();
    });
  }

  private tidy(work: () => Promise<void>): Promise<void> {
    this.tidying = this.tidying.then(work).catch((error: unknown) => {
      this.logger.warn({ event: 'plugin_data.tidy_failed', err: error }, 'what plugins keep here could not be tidied');
    });
    return this.tidying;
  }
}
