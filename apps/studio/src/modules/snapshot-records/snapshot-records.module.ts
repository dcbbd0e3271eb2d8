import { Module } from '@nestjs/common';
import { SnapshotsModule } from '../snapshots';
import { AppRecords } from './app-records';
import { AppRestorer } from './app-restorer';
import { TokenRecords } from './token-records';

/** The records of nouns whose own modules take revisions and so cannot be known to the snapshots. */
@Module({ imports: [SnapshotsModule], providers: [AppRecords, TokenRecords, AppRestorer] })
export class SnapshotRecordsModule {}
