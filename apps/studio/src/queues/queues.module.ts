import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobsConnection } from './jobs-connection';
import { QueueWatch } from './queue-watch';
import { QuietQueue, QuietWorker } from './quiet';

BullModule.queueClass = QuietQueue;
BullModule.workerClass = QuietWorker;

@Module({ providers: [JobsConnection], exports: [JobsConnection] })
class JobsConnectionModule {}

/**
 * Where jobs wait: Redis, or Postgres when there is no Redis that is up to it. A module registers its queues with
 * `BullModule.registerQueue`, and its processors stand in modules that only a process that works imports.
 */
@Module({
  imports: [
    DiscoveryModule,
    JobsConnectionModule,
    BullModule.forRootAsync({
      imports: [JobsConnectionModule],
      inject: [JobsConnection],
      useFactory: (connection: JobsConnection) => connection.options(),
    }),
  ],
  providers: [QueueWatch],
})
export class QueuesModule {}
