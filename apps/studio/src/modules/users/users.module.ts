import { Module } from '@nestjs/common';
import { SnapshotsModule } from '../snapshots';
import { FirstAdministrator } from './first-administrator';
import { UserController } from './user.controller';
import { UserService } from './user.service';

@Module({ imports: [SnapshotsModule], controllers: [UserController], providers: [UserService, FirstAdministrator] })
export class UsersModule {}
