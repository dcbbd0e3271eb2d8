import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { PublishReason } from './publishing/revision-publisher';

export const PUBLISH_SNAPSHOT_QUEUE = 'publish-snapshot';

export interface PublishSnapshotJob {
  namespace: string;
  reason: PublishReason;
}

const KEEP_DONE_SECONDS = 60;
const KEEP_FAILED_SECONDS = 3_600;

@Injectable()
export class PublishSnapshotQueue {
  constructor(@InjectQueue(PUBLISH_SNAPSHOT_QUEUE) private readonly queue: Queue<PublishSnapshotJob>) {}

  /** Asks for a revision to be published. Asked by two workers at once, it is one job. A job that fails is asked for again by the relay. */
  async add(namespace: string, revision: number): Promise<void> {
    await this.queue.add(
      'publish',
      { namespace, reason: 'revision' },
      { deduplication: { id: `${namespace}:${revision}` }, removeOnComplete: { age: KEEP_DONE_SECONDS }, removeOnFail: { age: KEEP_FAILED_SECONDS } },
    );
  }
}
