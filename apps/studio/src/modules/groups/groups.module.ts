import { Module } from '@nestjs/common';
import { GroupMemberController } from './group-member.controller';
import { GroupMemberService } from './group-member.service';
import { GroupController } from './group.controller';
import { GroupService } from './group.service';

@Module({ controllers: [GroupController, GroupMemberController], providers: [GroupService, GroupMemberService] })
export class GroupsModule {}
