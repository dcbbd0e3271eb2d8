import { WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Clock } from '@sluice/kernel';
import { Queue, type Worker } from 'bullmq';
import type { Logger } from 'pino';
import { CLOCK, LOGGER } from '../process.module';
import { JobsConnection } from './jobs-connection';

/** A connection that is away is tried again several times a second; the log hears of it less often. */
const QUIET_MS = 10_000;

/** Looks after all queues and workers: says which connection is lost, and lets nobody wait for one that is away when the process ends. */
@Injectable()
export class QueueWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly saidAt = new Map<string, number>();
  private workers: Worker[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly connection: JobsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.workers = instances.filter((instance) => instance instanceof WorkerHost).map((host): Worker => host.worker);
    const queues = instances.filter((instance) => instance instanceof Queue);
    for (const queue of queues) queue.on('error', (error) => this.say(queue.name, error));
    for (const worker of this.workers) worker.on('error', (error) => this.say(worker.name, error));
  }

  /** A worker that is asked to stop waits for Redis to answer. Its jobs are taken up by others when their locks expire. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.connection.isAway) await Promise.all(this.workers.map((worker) => worker.close(true)));
  }

  private say(queue: string, error: Error): void {
    const now = this.clock.now();
    if (now - (this.saidAt.get(queue) ?? -QUIET_MS) < QUIET_MS) return;
    this.saidAt.set(queue, now);
    this.logger.warn({ event: 'jobs.connection_failed', queue, error: error.message });
  }
}
