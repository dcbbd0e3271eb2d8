import { Module, type DynamicModule } from '@nestjs/common';
import { ChangeFeedModule } from './database/change-feed.module';
import { DatabaseModule } from './database/database.module';
import { HttpModule } from './http/http.module';
import { AppsModule } from './modules/apps';
import { AuditModule } from './modules/audit';
import { AuthModule } from './modules/auth';
import { GroupsModule } from './modules/groups';
import { OrganizationsModule } from './modules/organizations';
import { UsersModule } from './modules/users';
import { ProcessModule, type StudioProcess } from './process.module';
import { QueuesModule } from './queues/queues.module';

/** The whole studio; what a process of one role leaves out, the modules decide by `serves` and `works` of the configuration. */
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
        HttpModule,
        AuthModule,
        OrganizationsModule,
        UsersModule,
        GroupsModule,
        AppsModule,
      ],
    };
  }
}
