import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../process.module';
import { scheduleEvery } from '../../queues/schedule-every';
import { DeadPayloadExpiry } from './dead-payload-expiry.service';

export const EXPIRE_DEAD_PAYLOADS_QUEUE = 'expire-dead-payloads';
const EVERY_MS = 3_600_000;

/** Frees the room that dead payloads take; one worker of all does it each hour. */
@Processor(EXPIRE_DEAD_PAYLOADS_QUEUE)
export class ExpireDeadPayloadsProcessor extends WorkerHost implements OnApplicationBootstrap {
  constructor(
    private readonly expiry: DeadPayloadExpiry,
    @InjectQueue(EXPIRE_DEAD_PAYLOADS_QUEUE) private readonly queue: Queue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    scheduleEvery(this.queue, { name: 'expire', everyMs: EVERY_MS, failedKeptSeconds: 86_400 }, this.logger);
  }

  async process(): Promise<void> {
    while ((await this.expiry.sweep()) > 0);
  }
}
