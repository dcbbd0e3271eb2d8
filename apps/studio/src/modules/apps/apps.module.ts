import { Module } from '@nestjs/common';
import { ObjectHooksModule } from '../object-hooks';
import { SnapshotsModule } from '../snapshots';
import { AppTokenController } from './app-token.controller';
import { AppTokenService } from './app-token.service';
import { AppController } from './app.controller';
import { AppWriter } from './app-writer';
import { AppService } from './app.service';

@Module({ imports: [SnapshotsModule, ObjectHooksModule], controllers: [AppController, AppTokenController], providers: [AppService, AppWriter, AppTokenService] })
export class AppsModule {}
