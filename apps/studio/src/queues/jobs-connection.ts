import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { StudioConfig } from '../config';

/** Connections that each queue and each worker may open to Postgres besides the one that listens. */
const POSTGRES_CONNECTIONS = 2;
const LAST_RETRY_MS = 2_000;

/** Where jobs wait. On Redis all queues and workers share one connection, except that each worker blocks on its own. */
@Injectable()
export class JobsConnection implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;

  constructor(private readonly config: StudioConfig) {
    if (config.queueBackend !== 'redis' || config.redisUrl === undefined) return;
    this.redis = new Redis(config.redisUrl, { maxRetriesPerRequest: null, retryStrategy: (attempt) => Math.min(attempt * 200, LAST_RETRY_MS) });
  }

  /** Whether whoever waits for an answer may wait for long. */
  get isAway(): boolean {
    return this.redis !== undefined && this.redis.status !== 'ready';
  }

  /** On Postgres finished jobs are cleaned up by age, never by count: with several workers, counting deadlocks. */
  options(): QueueOptions {
    const defaultJobOptions = { removeOnComplete: { age: 60 }, removeOnFail: { age: 24 * 3_600 } };
    // Queues and workers that Nest makes ask for the default backend, which is Redis unless it is set.
    setDefaultBackendFactory(this.redis ? undefined : createPostgresBackend);
    if (this.redis) return { connection: this.redis, prefix: 'sluice:jobs', defaultJobOptions };
    const connection = { connectionString: this.config.databaseUrl, max: POSTGRES_CONNECTIONS, application_name: 'studio jobs' };
    return { connection: connection as QueueOptions['connection'], defaultJobOptions };
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}
