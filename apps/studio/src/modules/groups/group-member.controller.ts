import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { listBody, pageQuery, type PageQuery } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodQuery } from '../../http/zod';
import { memberView, viewMember } from './group-member.schema';
import { GroupMemberService } from './group-member.service';

@Controller('api/v1/groups/:id/members')
export class GroupMemberController {
  constructor(private readonly members: GroupMemberService) {}

  @Get()
  @Policy({ scope: 'groups.read' })
  @Answers('List the members of a group', memberView, { list: true })
  async list(@Ctx() ctx: RequestContext, @PathId() groupId: number, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.members.list(ctx, groupId, query), viewMember);
  }

  @Put(':userId')
  @HttpCode(204)
  @Policy({ scope: 'groups.write' })
  @Answers('Put a user into a group', undefined, { status: 204 })
  add(@Ctx() ctx: RequestContext, @PathId() groupId: number, @PathId('userId') userId: number): Promise<void> {
    return this.members.add(ctx, groupId, userId);
  }

  @Delete(':userId')
  @HttpCode(204)
  @Policy({ scope: 'groups.write' })
  @Answers('Take a user out of a group', undefined, { status: 204 })
  remove(@Ctx() ctx: RequestContext, @PathId() groupId: number, @PathId('userId') userId: number): Promise<void> {
    return this.members.remove(ctx, groupId, userId);
  }
}
