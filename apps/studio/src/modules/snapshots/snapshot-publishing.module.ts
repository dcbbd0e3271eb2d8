import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { PublishSnapshotProcessor } from './publish-snapshot.processor';
import { PUBLISH_SNAPSHOT_QUEUE, PublishSnapshotQueue } from './publish-snapshot.queue';
import { SnapshotKeeper } from './snapshot-keeper';
import { SnapshotPublishingService } from './snapshot-publishing.service';
import { SnapshotRedis } from './snapshot-redis';
import { SnapshotRelay } from './snapshot-relay';
import { SnapshotsModule } from './snapshots.module';
import { SNAPSHOT_UPKEEP_QUEUE, SnapshotUpkeepProcessor } from './upkeep/snapshot-upkeep.processor';

/** Brings snapshots to Redis. Only in processes that run jobs. */
@Module({
  imports: [SnapshotsModule, BullModule.registerQueue({ name: PUBLISH_SNAPSHOT_QUEUE }, { name: SNAPSHOT_UPKEEP_QUEUE })],
  providers: [SnapshotRedis, SnapshotPublishingService, PublishSnapshotQueue, PublishSnapshotProcessor, SnapshotRelay, SnapshotKeeper, SnapshotUpkeepProcessor],
})
export class SnapshotPublishingModule {}
