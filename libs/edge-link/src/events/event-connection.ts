import type { RedisOptions } from 'ioredis';

export const EVENT_CONNECTION: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 5_000,
  commandTimeout: 5_000,
  // Nobody waits for a last word of a Redis that is gone.
  disconnectTimeout: 100,
  keepAlive: 10_000,
  // Events wait in a buffer that is bounded, and nowhere else.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000),
};
