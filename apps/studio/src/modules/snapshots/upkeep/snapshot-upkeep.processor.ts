import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../../process.module';
import { SnapshotReconciler } from './snapshot-reconciler';
import { SnapshotRetention } from './snapshot-retention';

export const SNAPSHOT_UPKEEP_QUEUE = 'snapshot-upkeep';
const EVERY_MS = 3_600_000;

/** Mends and forgets, when a worker starts and each hour; one worker of all does it. */
@Processor(SNAPSHOT_UPKEEP_QUEUE)
export class SnapshotUpkeepProcessor extends WorkerHost implements OnApplicationBootstrap {
  constructor(
    private readonly reconciler: SnapshotReconciler,
    private readonly retention: SnapshotRetention,
    @InjectQueue(SNAPSHOT_UPKEEP_QUEUE) private readonly queue: Queue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // Not awaited: while Redis is away it waits for it, and the studio starts all the same.
    this.schedule().catch((error: unknown) => this.logger.warn({ event: 'jobs.schedule_failed', queue: SNAPSHOT_UPKEEP_QUEUE, err: error }));
  }

  async process(): Promise<void> {
    await this.reconciler.reconcile();
    const forgotten = await this.retention.sweep();
    if (forgotten.revisions > 0) this.logger.info({ event: 'snapshot.revisions_forgotten', ...forgotten });
  }

  private async schedule(): Promise<void> {
    const kept = { removeOnComplete: { age: EVERY_MS / 1_000 }, removeOnFail: { age: 86_400 } };
    await this.queue.add('start', {}, { ...kept, deduplication: { id: 'start' } });
    await this.queue.upsertJobScheduler('upkeep', { every: EVERY_MS }, { opts: kept });
  }
}
