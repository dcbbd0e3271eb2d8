import { Module } from '@nestjs/common';
import { PendingChanges } from './building/pending-changes';
import { RevisionBuilder } from './building/revision-builder';
import { SnapshotChecks } from './building/snapshot-checks';
import { SnapshotTrees } from './building/snapshot-trees';
import { EdgeKeys } from './edge-keys';
import { EdgeSnapshotsController } from './edge-api/edge-snapshots.controller';
import { EdgeSnapshotsService } from './edge-api/edge-snapshots.service';
import { SnapshotNews } from './edge-api/snapshot-news';
import { SnapshotCatalogService } from './operator-api/snapshot-catalog.service';
import { SnapshotPlanService } from './operator-api/snapshot-plan.service';
import { SnapshotRestoreService } from './operator-api/snapshot-restore.service';
import { SnapshotsController } from './operator-api/snapshots.controller';
import { RecordSources } from './record-sources';
import { RecordRestorers } from './restoring/record-restorers';
import { SnapshotRestorer } from './restoring/snapshot-restorer';
import { RevisionService } from './revision.service';
import { SnapshotStore } from './snapshot-store';
import { RecordStore } from './storage/record-store';
import { SnapshotOutbox } from './storage/outbox';
import { RevisionStore } from './storage/revision-store';
import { SnapshotReconciler } from './upkeep/snapshot-reconciler';
import { SnapshotRetention } from './upkeep/snapshot-retention';

/** Revisions for every module that writes what gateways care about, and the snapshots that are made of them. */
@Module({
  controllers: [EdgeSnapshotsController, SnapshotsController],
  providers: [
    RevisionService,
    EdgeKeys,
    RecordSources,
    RevisionStore,
    RecordStore,
    SnapshotOutbox,
    SnapshotChecks,
    PendingChanges,
    SnapshotTrees,
    RevisionBuilder,
    SnapshotNews,
    EdgeSnapshotsService,
    SnapshotCatalogService,
    SnapshotPlanService,
    SnapshotRestoreService,
    RecordRestorers,
    SnapshotRestorer,
    SnapshotReconciler,
    SnapshotRetention,
    SnapshotStore,
  ],
  exports: [RevisionService, EdgeKeys, RecordSources, RecordRestorers, SnapshotStore, RevisionStore, RecordStore, SnapshotOutbox, SnapshotTrees, RevisionBuilder, SnapshotReconciler, SnapshotRetention],
})
export class SnapshotsModule {}
