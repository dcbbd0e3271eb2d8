import { WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Clock } from '@sluice/kernel';
import { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { CLOCK, LOGGER } from '../process.module';

/** A connection that is away is tried again ten times a second; the log hears of it less often. */
const QUIET_MS = 10_000;

/** Says in our log what BullMQ would write to the console: connections of queues and workers that are lost, and that it mends itself. */
@Injectable()
export class QueueErrors implements OnApplicationBootstrap {
  private readonly saidAt = new Map<string, number>();

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof Queue) instance.on('error', (error) => this.say(instance.name, error));
      else if (instance instanceof WorkerHost) instance.worker.on('error', (error: Error) => this.say(instance.worker.name, error));
    }
  }

  private say(queue: string, error: Error): void {
    const now = this.clock.now();
    if (now - (this.saidAt.get(queue) ?? -QUIET_MS) < QUIET_MS) return;
    this.saidAt.set(queue, now);
    this.logger.warn({ event: 'jobs.connection_failed', queue, error: error.message });
  }
}
