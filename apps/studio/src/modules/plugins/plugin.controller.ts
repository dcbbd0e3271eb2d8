import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IfMatch, tagged, type ExpectedVersions } from '../../http/etag';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { pluginServiceErrors } from './plugin-errors';
import { PluginLifecycleService } from './plugin-lifecycle.service';
import {
  approveScopesBody,
  configSchemaView,
  pluginCreate,
  pluginPatch,
  pluginQuery,
  pluginView,
  viewPlugin,
  type ApproveScopes,
  type PluginCreate,
  type PluginPatch,
  type PluginQuery,
} from './plugin.schema';
import { PluginService } from './plugin.service';

@Controller('api/v1/plugins')
export class PluginController {
  constructor(
    private readonly plugins: PluginService,
    private readonly lifecycle: PluginLifecycleService,
  ) {}

  @Get()
  @Policy({ scope: 'plugins.read' })
  @Answers('List plugins', pluginView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(pluginQuery) query: PluginQuery): Promise<object> {
    return listBody(await this.plugins.list(ctx, query), viewPlugin);
  }

  @Post()
  @Policy({ scope: 'plugins.write' })
  @Answers('Register a plugin; its process is asked for its manifest', pluginView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(pluginCreate) body: PluginCreate, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const plugin = await this.plugins.create(ctx, body);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Get(':id')
  @Policy({ scope: 'plugins.read' })
  @Answers('Read a plugin', pluginView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const plugin = await this.plugins.get(ctx, id);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Patch(':id')
  @Policy({ scope: 'plugins.write' })
  @Answers('Change a plugin', pluginView)
  async update(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @IfMatch() expected: ExpectedVersions,
    @ZodBody(pluginPatch) body: PluginPatch,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const plugin = await this.plugins.update(ctx, id, expected, body);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'plugins.write' })
  @Answers('Delete a plugin with everything it keeps', undefined, { status: 204 })
  async delete(@Ctx() ctx: RequestContext, @PathId() id: number, @IfMatch() expected: ExpectedVersions): Promise<void> {
    await this.plugins.delete(ctx, id, expected);
  }

  @Post(':id/reload')
  @HttpCode(200)
  @Policy({ scope: 'plugins.write' })
  @Answers('Start a new generation of a plugin everywhere', pluginView)
  async reload(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const plugin = await this.lifecycle.reload(ctx, id);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Post(':id/validate-and-load')
  @HttpCode(200)
  @Policy({ scope: 'plugins.write' })
  @Answers('Read manifest and config schema from the process again', pluginView)
  async validateAndLoad(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const plugin = await this.lifecycle.validateAndLoad(ctx, id);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Post(':id/approve-scopes')
  @HttpCode(200)
  @Policy({ scope: 'plugins.write' })
  @Answers('Say what of the Service API a plugin may use', pluginView)
  async approveScopes(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @ZodBody(approveScopesBody) body: ApproveScopes,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const plugin = await this.lifecycle.approveScopes(ctx, id, body.scopes);
    return tagged(reply, plugin.version, viewPlugin(plugin));
  }

  @Get(':id/config-schema')
  @Policy({ scope: 'plugins.read' })
  @Answers("Read the JSON Schema of a plugin's config", configSchemaView)
  async configSchema(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<object> {
    const { configSchema } = await this.plugins.get(ctx, id);
    if (!configSchema) throw new pluginServiceErrors.noConfigSchema({ id });
    return { data: configSchema };
  }
}
