import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../process.module';
import { PluginKvService } from './plugin-kv.service';

export const SWEEP_PLUGIN_KV_QUEUE = 'sweep-plugin-kv';
const EVERY_MS = 60_000;

/** Frees the room that expired values of plugins take; one worker of all does it each time. */
@Processor(SWEEP_PLUGIN_KV_QUEUE)
export class SweepPluginKvProcessor extends WorkerHost implements OnApplicationBootstrap {
  constructor(
    private readonly kv: PluginKvService,
    @InjectQueue(SWEEP_PLUGIN_KV_QUEUE) private readonly queue: Queue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // Not awaited: while Redis is away it waits for it, and the studio starts all the same.
    this.queue.upsertJobScheduler('sweep', { every: EVERY_MS }, { opts: { removeOnComplete: { age: EVERY_MS / 1_000 }, removeOnFail: { age: 3_600 } } }).catch((error: unknown) => {
      this.logger.warn({ event: 'jobs.schedule_failed', queue: SWEEP_PLUGIN_KV_QUEUE, err: error });
    });
  }

  async process(): Promise<void> {
    while ((await this.kv.sweep()) > 0);
  }
}
