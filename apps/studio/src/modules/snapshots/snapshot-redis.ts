import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const LAST_RETRY_MS = 2_000;

/**
 * The connection that snapshots are published on; none when the studio has no Redis. A command fails at once while Redis is away,
 * for a publication is repeated anyway and must not hold a database transaction open.
 */
@Injectable()
export class SnapshotRedis implements OnApplicationShutdown {
  readonly redis: Redis | undefined;

  constructor(config: StudioConfig, @Inject(LOGGER) logger: Logger) {
    if (!config.redisUrl) return;
    this.redis = new Redis(config.redisUrl, {
      connectionName: 'studio-snapshots',
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 100, LAST_RETRY_MS),
    });
    let away = false;
    this.redis.on('error', (error) => {
      if (!away) logger.warn({ event: 'snapshots.redis_away', err: error });
      away = true;
    });
    this.redis.on('ready', () => (away = false));
  }

  /** There is a Redis, and it cannot be reached now. */
  get away(): boolean {
    return this.redis !== undefined && this.redis.status !== 'ready';
  }

  onReady(callback: () => void): void {
    this.redis?.on('ready', callback);
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}
