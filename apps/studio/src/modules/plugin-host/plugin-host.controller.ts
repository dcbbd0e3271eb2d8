import { Controller, Get, HttpCode, Param, Post, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody } from '../../http/zod';
import { PluginCallsService } from './plugin-calls.service';
import { pluginStatusView, rpcAnswer, rpcBody } from './plugin-host.schema';
import { PluginStatusService } from './plugin-status.service';

@Controller('api/v1/plugins')
export class PluginHostController {
  constructor(
    private readonly statuses: PluginStatusService,
    private readonly calls: PluginCallsService,
  ) {}

  @Get(':id/status')
  @Policy({ scope: 'plugins.read' })
  @Answers('Read how a plugin fares, here and on every gateway', pluginStatusView)
  async status(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<object> {
    return { data: await this.statuses.of(ctx, id) };
  }

  @Post(':id/rpc/:method')
  @HttpCode(200)
  @Policy({ scope: 'plugins.write' })
  @Answers("Call a method of a plugin's own RPC", rpcAnswer)
  async rpc(@Ctx() ctx: RequestContext, @PathId() id: number, @Param('method') method: string, @ZodBody(rpcBody) body: unknown): Promise<object> {
    return { data: await this.calls.call(ctx, id, method, body) };
  }

  @Get(':id/assets/*')
  @Policy({ scope: 'plugins.read' })
  @Answers('Fetch an asset that the manifest of a plugin lists')
  async asset(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @Req() request: FastifyRequest<{ Params: { '*': string } }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { content, mimeType } = await this.calls.asset(ctx, id, request.params['*']);
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'private, no-cache');
    return new StreamableFile(content, { type: mimeType, length: content.length });
  }
}
