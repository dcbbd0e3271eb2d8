import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { PUBLISH_SNAPSHOT_QUEUE, type PublishSnapshotJob } from './publish-snapshot.queue';
import { SnapshotPublishingService } from './snapshot-publishing.service';

@Processor(PUBLISH_SNAPSHOT_QUEUE, { concurrency: 4 })
export class PublishSnapshotProcessor extends WorkerHost {
  constructor(private readonly publishing: SnapshotPublishingService) {
    super();
  }

  async process(job: Job<PublishSnapshotJob>): Promise<void> {
    await this.publishing.publish(job.data.namespace, job.data.reason);
  }
}
