import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../process.module';
import { scheduleEvery } from '../../queues/schedule-every';
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
    scheduleEvery(this.queue, { name: 'sweep', everyMs: EVERY_MS, failedKeptSeconds: 3_600 }, this.logger);
  }

  async process(): Promise<void> {
    while ((await this.kv.sweep()) > 0);
  }
}
