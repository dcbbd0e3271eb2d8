import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../process.module';
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
    // Not awaited: while Redis is away it waits for it, and the studio starts all the same.
    this.queue.upsertJobScheduler('expire', { every: EVERY_MS }, { opts: { removeOnComplete: { age: EVERY_MS / 1_000 }, removeOnFail: { age: 86_400 } } }).catch((error: unknown) => {
      this.logger.warn({ event: 'jobs.schedule_failed', queue: EXPIRE_DEAD_PAYLOADS_QUEUE, err: error });
    });
  }

  async process(): Promise<void> {
    while ((await this.expiry.sweep()) > 0);
  }
}
