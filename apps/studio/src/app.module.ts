import { Module, type DynamicModule } from '@nestjs/common';
// First: it says which class queues are made of, before a module makes one.
import { QueuesModule } from './queues/queues.module';
import { ChangeFeedModule } from './database/change-feed.module';
import { DatabaseModule } from './database/database.module';
import { HttpModule } from './http/http.module';
import { AppsModule } from './modules/apps';
import { AuditModule } from './modules/audit';
import { AuthModule } from './modules/auth';
import { EdgePayloadJobsModule } from './modules/edge-payloads';
import { EventsModule } from './modules/events';
import { GatewaysModule } from './modules/gateways';
import { GroupsModule } from './modules/groups';
import { OrganizationsModule } from './modules/organizations';
import { PluginHostModule } from './modules/plugin-host';
import { PluginsModule } from './modules/plugins';
import { ServiceApiJobsModule } from './modules/service-api';
import { SnapshotRecordsModule } from './modules/snapshot-records';
import { SnapshotPublishingModule } from './modules/snapshots';
import { UsersModule } from './modules/users';
import { ProcessModule, type StudioProcess } from './process.module';

/** The whole studio: plugin processes run where the API is served, jobs where work is done. */
@Module({})
export class StudioModule {
  static of(studio: StudioProcess): DynamicModule {
    return {
      module: StudioModule,
      imports: [
        ProcessModule.of(studio),
        DatabaseModule,
        ChangeFeedModule,
        QueuesModule,
        AuditModule,
        EventsModule,
        HttpModule,
        AuthModule,
        OrganizationsModule,
        UsersModule,
        GroupsModule,
        AppsModule,
        PluginsModule,
        SnapshotRecordsModule,
        GatewaysModule,
        ...(studio.config.serves ? [PluginHostModule] : []),
        ...(studio.config.works ? [SnapshotPublishingModule, ServiceApiJobsModule, EdgePayloadJobsModule] : []),
      ],
    };
  }
}
