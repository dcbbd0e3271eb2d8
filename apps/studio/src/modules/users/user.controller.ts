import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IfMatch, tagged, type ExpectedVersions } from '../../http/etag';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { createUserBody, updateUserBody, userQuery, userView, viewUser, type CreateUser, type UpdateUser, type UserQuery } from './user.schema';
import { UserService } from './user.service';

@Controller('api/v1/users')
export class UserController {
  constructor(private readonly users: UserService) {}

  @Get()
  @Policy({ scope: 'users.read' })
  @Answers('List users', userView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(userQuery) query: UserQuery): Promise<object> {
    return listBody(await this.users.list(ctx, query), viewUser);
  }

  @Post()
  @Policy({ scope: 'users.write' })
  @Answers('Add a user', userView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(createUserBody) body: CreateUser, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const user = await this.users.create(ctx, body);
    return tagged(reply, user.version, viewUser(user));
  }

  @Get(':id')
  @Policy({ scope: 'users.read' })
  @Answers('Read a user', userView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const user = await this.users.get(ctx, id);
    return tagged(reply, user.version, viewUser(user));
  }

  @Patch(':id')
  @Policy({ scope: 'users.write' })
  @Answers('Change a user', userView)
  async update(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @IfMatch() expected: ExpectedVersions,
    @ZodBody(updateUserBody) body: UpdateUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const user = await this.users.update(ctx, id, expected, body);
    return tagged(reply, user.version, viewUser(user));
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'users.write' })
  @Answers('Delete a user', undefined, { status: 204 })
  delete(@Ctx() ctx: RequestContext, @PathId() id: number, @IfMatch() expected: ExpectedVersions): Promise<void> {
    return this.users.delete(ctx, id, expected);
  }
}
