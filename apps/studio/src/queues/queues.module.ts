import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { createPostgresBackend, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import { StudioConfig } from '../config';
import { QueueErrors } from './queue-errors';

/** Connections that each queue and each worker may open besides the one that listens. */
const POSTGRES_CONNECTIONS = 2;

/**
 * Where jobs wait: Redis, or Postgres when there is no Redis that is up to it. A module registers its queues with
 * `BullModule.registerQueue`, and lists its processors only when the process works (`works` of the configuration).
 *
 * On Postgres finished jobs are cleaned up by age, never by count: with several workers, counting deadlocks.
 */
@Module({
  imports: [
    DiscoveryModule,
    BullModule.forRootAsync({
      inject: [StudioConfig],
      useFactory: (config: StudioConfig) => queueOptions(config),
    }),
  ],
  providers: [QueueErrors],
})
export class QueuesModule {}

function queueOptions(config: StudioConfig): QueueOptions {
  const cleanUp = { removeOnComplete: { age: 60 }, removeOnFail: { age: 24 * 3_600 } };
  if (config.queueBackend === 'postgres') {
    // Queues and workers that Nest makes ask for the default backend; a Redis one is what they get without this.
    setDefaultBackendFactory(createPostgresBackend);
    const connection = { connectionString: config.databaseUrl, max: POSTGRES_CONNECTIONS, application_name: 'studio jobs' };
    return { connection: connection as QueueOptions['connection'], defaultJobOptions: cleanUp };
  }
  setDefaultBackendFactory();
  return { connection: { url: config.redisUrl, maxRetriesPerRequest: null }, prefix: 'sluice:jobs', defaultJobOptions: cleanUp };
}
