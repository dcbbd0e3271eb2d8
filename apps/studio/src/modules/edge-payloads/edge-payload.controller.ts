import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodQuery } from '../../http/zod';
import { deletedPayloadsQuery, deletedPayloadsView, edgePayloadQuery, edgePayloadView, viewEdgePayload, type EdgePayloadQuery } from './edge-payload.schema';
import { EdgePayloadsService } from './edge-payloads.service';

@Controller('api/v1/plugins/:id/payloads')
export class EdgePayloadController {
  constructor(private readonly payloads: EdgePayloadsService) {}

  @Get()
  @Policy({ scope: 'plugins.read' })
  @Answers("List what a plugin's gateway half sent and its studio half has not taken, oldest first", edgePayloadView, { list: true })
  async list(@Ctx() ctx: RequestContext, @PathId() pluginId: number, @ZodQuery(edgePayloadQuery) query: EdgePayloadQuery): Promise<object> {
    return listBody(await this.payloads.list(ctx, pluginId, query), viewEdgePayload);
  }

  @Post(':payloadId/retry')
  @HttpCode(200)
  @Policy({ scope: 'plugins.write' })
  @Answers('Deliver a dead payload again', edgePayloadView)
  async retry(@Ctx() ctx: RequestContext, @PathId() pluginId: number, @PathId('payloadId') payloadId: number): Promise<object> {
    return { data: viewEdgePayload(await this.payloads.retry(ctx, pluginId, payloadId)) };
  }

  @Delete(':payloadId')
  @HttpCode(204)
  @Policy({ scope: 'plugins.write' })
  @Answers('Delete a dead payload', undefined, { status: 204 })
  delete(@Ctx() ctx: RequestContext, @PathId() pluginId: number, @PathId('payloadId') payloadId: number): Promise<void> {
    return this.payloads.delete(ctx, pluginId, payloadId);
  }

  @Delete()
  @Policy({ scope: 'plugins.write' })
  @Answers('Delete all dead payloads of a plugin', deletedPayloadsView)
  async deleteDead(@Ctx() ctx: RequestContext, @PathId() pluginId: number, @ZodQuery(deletedPayloadsQuery) _query: object): Promise<object> {
    return { data: { deleted: await this.payloads.deleteDead(ctx, pluginId) } };
  }
}
