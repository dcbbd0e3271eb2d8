import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { PublishSnapshotProcessor } from './publish-snapshot.processor';
import { PUBLISH_SNAPSHOT_QUEUE, PublishSnapshotQueue } from './publish-snapshot.queue';
import { Checkpoints } from './publishing/checkpoints';
import { Revocations } from './publishing/revocations';
import { RevisionPublisher } from './publishing/revision-publisher';
import { SnapshotKeeper } from './snapshot-keeper';
import { SnapshotRedis } from './snapshot-redis';
import { SnapshotRelay } from './snapshot-relay';
import { SnapshotsModule } from './snapshots.module';
import { SNAPSHOT_UPKEEP_QUEUE, SnapshotUpkeepProcessor } from './upkeep/snapshot-upkeep.processor';

/** Brings snapshots to Redis. Only in processes that run jobs. */
@Module({
  imports: [SnapshotsModule, BullModule.registerQueue({ name: PUBLISH_SNAPSHOT_QUEUE }, { name: SNAPSHOT_UPKEEP_QUEUE })],
  providers: [SnapshotRedis, Checkpoints, Revocations, RevisionPublisher, PublishSnapshotQueue, PublishSnapshotProcessor, SnapshotRelay, SnapshotKeeper, SnapshotUpkeepProcessor],
})
export class SnapshotPublishingModule {}
