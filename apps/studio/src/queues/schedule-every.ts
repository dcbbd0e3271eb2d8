import type { Queue } from 'bullmq';
import type { Logger } from 'pino';

export interface Schedule {
  /** The scheduler's name within its queue. */
  name: string;
  everyMs: number;
  /** How long a job that failed can be looked at. */
  failedKeptSeconds: number;
}

/**
 * Has one worker of all do a queue's job each time. Returns at once: while Redis is away it waits for it, and the studio starts all the
 * same.
 */
export function scheduleEvery(queue: Queue, { name, everyMs, failedKeptSeconds }: Schedule, logger: Logger): void {
  const opts = { removeOnComplete: { age: everyMs / 1_000 }, removeOnFail: { age: failedKeptSeconds } };
  queue.upsertJobScheduler(name, { every: everyMs }, { opts }).catch((error: unknown) => {
    logger.warn({ event: 'jobs.schedule_failed', queue: queue.name, err: error });
  });
}
