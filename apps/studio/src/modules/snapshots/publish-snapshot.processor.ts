import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../../process.module';
import { PUBLISH_SNAPSHOT_QUEUE, type PublishSnapshotJob } from './publish-snapshot.queue';
import { RevisionPublisher } from './publishing/revision-publisher';

@Processor(PUBLISH_SNAPSHOT_QUEUE, { concurrency: 4 })
export class PublishSnapshotProcessor extends WorkerHost {
  constructor(
    private readonly publisher: RevisionPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  async process(job: Job<PublishSnapshotJob>): Promise<void> {
    await this.publisher.publish(job.data.namespace, job.data.reason);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<PublishSnapshotJob> | undefined, error: Error): void {
    this.logger.error({ event: 'snapshot.publish_failed', namespace: job?.data.namespace, err: error });
  }
}
