import { Module } from '@nestjs/common';
import { SnapshotsModule } from '../snapshots';
import { AppTokenController } from './app-token.controller';
import { AppTokenService } from './app-token.service';
import { AppController } from './app.controller';
import { AppService } from './app.service';

@Module({ imports: [SnapshotsModule], controllers: [AppController, AppTokenController], providers: [AppService, AppTokenService] })
export class AppsModule {}
