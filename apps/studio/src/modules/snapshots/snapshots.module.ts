import { Module } from '@nestjs/common';
import { PendingChanges } from './building/pending-changes';
import { RevisionBuilder } from './building/revision-builder';
import { SnapshotChecks } from './building/snapshot-checks';
import { SnapshotTrees } from './building/snapshot-trees';
import { EdgeKeys } from './edge-keys';
import { EdgeSnapshotsController } from './edge-api/edge-snapshots.controller';
import { EdgeSnapshotsService } from './edge-api/edge-snapshots.service';
import { SnapshotNews } from './edge-api/snapshot-news';
import { RecordSources } from './record-sources';
import { RevisionService } from './revision.service';
import { SnapshotBuilder } from './snapshot-builder';
import { SnapshotStore } from './snapshot-store';
import { RecordStore } from './storage/record-store';
import { RevisionStore } from './storage/revision-store';

/** Revisions for every module that writes what gateways care about, and the snapshots that are made of them. */
@Module({
  controllers: [EdgeSnapshotsController],
  providers: [EdgeSnapshotsService, SnapshotNews, RevisionService, EdgeKeys, RecordSources, SnapshotStore, SnapshotBuilder, RevisionStore, RecordStore, SnapshotChecks, PendingChanges, SnapshotTrees, RevisionBuilder],
  exports: [RevisionService, EdgeKeys, RecordSources, SnapshotStore, SnapshotBuilder],
})
export class SnapshotsModule {}
