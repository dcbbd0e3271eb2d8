import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IfMatch, tagged, type ExpectedVersions } from '../../http/etag';
import { listBody, pageQuery, type PageQuery } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { createGroupBody, groupView, updateGroupBody, viewGroup, type CreateGroup, type UpdateGroup } from './group.schema';
import { GroupService } from './group.service';

@Controller('api/v1/groups')
export class GroupController {
  constructor(private readonly groups: GroupService) {}

  @Get()
  @Policy({ scope: 'groups.read' })
  @Answers('List groups', groupView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.groups.list(ctx, query), viewGroup);
  }

  @Post()
  @Policy({ scope: 'groups.write' })
  @Answers('Add a group', groupView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(createGroupBody) body: CreateGroup, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const group = await this.groups.create(ctx, body);
    return tagged(reply, group.version, viewGroup(group));
  }

  @Get(':id')
  @Policy({ scope: 'groups.read' })
  @Answers('Read a group', groupView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const group = await this.groups.get(ctx, id);
    return tagged(reply, group.version, viewGroup(group));
  }

  @Patch(':id')
  @Policy({ scope: 'groups.write' })
  @Answers('Change a group', groupView)
  async update(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @IfMatch() expected: ExpectedVersions,
    @ZodBody(updateGroupBody) body: UpdateGroup,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const group = await this.groups.update(ctx, id, expected, body);
    return tagged(reply, group.version, viewGroup(group));
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'groups.write' })
  @Answers('Delete a group', undefined, { status: 204 })
  delete(@Ctx() ctx: RequestContext, @PathId() id: number, @IfMatch() expected: ExpectedVersions): Promise<void> {
    return this.groups.delete(ctx, id, expected);
  }
}
