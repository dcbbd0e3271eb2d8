import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IfMatch, tagged, type ExpectedVersions } from '../../http/etag';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { appQuery, appView, createAppBody, updateAppBody, viewApp, type AppQuery, type CreateApp, type UpdateApp } from './app.schema';
import { AppService } from './app.service';

@Controller('api/v1/apps')
export class AppController {
  constructor(private readonly apps: AppService) {}

  @Get()
  @Policy({ scope: 'apps.read' })
  @Answers('List apps', appView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(appQuery) query: AppQuery): Promise<object> {
    return listBody(await this.apps.list(ctx, query), viewApp);
  }

  @Post()
  @Policy({ scope: 'apps.write' })
  @Answers('Add an app', appView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(createAppBody) body: CreateApp, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const app = await this.apps.create(ctx, body);
    return tagged(reply, app.app.version, viewApp(app));
  }

  @Get(':id')
  @Policy({ scope: 'apps.read' })
  @Answers('Read an app', appView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const app = await this.apps.get(ctx, id);
    return tagged(reply, app.app.version, viewApp(app));
  }

  @Patch(':id')
  @Policy({ scope: 'apps.write' })
  @Answers('Change an app', appView)
  async update(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @IfMatch() expected: ExpectedVersions,
    @ZodBody(updateAppBody) body: UpdateApp,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const app = await this.apps.update(ctx, id, expected, body);
    return tagged(reply, app.app.version, viewApp(app));
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'apps.write' })
  @Answers('Delete an app and revoke its tokens', undefined, { status: 204 })
  delete(@Ctx() ctx: RequestContext, @PathId() id: number, @IfMatch() expected: ExpectedVersions): Promise<void> {
    return this.apps.delete(ctx, id, expected);
  }
}
