import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodQuery } from '../../http/zod';
import { gatewayQuery, gatewayView, viewGateway, type GatewayQuery } from './gateway.schema';
import { GatewayRemovalService } from './gateway-removal.service';
import { GatewayService } from './gateway.service';

@Controller('api/v1/gateways')
export class GatewayController {
  constructor(
    private readonly gateways: GatewayService,
    private readonly removal: GatewayRemovalService,
  ) {}

  @Get()
  @Policy({ scope: 'gateways.read' })
  @Answers('List gateways with their state', gatewayView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(gatewayQuery) query: GatewayQuery): Promise<object> {
    return listBody(await this.gateways.list(ctx, query), viewGateway);
  }

  @Get(':id')
  @Policy({ scope: 'gateways.read' })
  @Answers('Read a gateway', gatewayView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<object> {
    return { data: viewGateway(await this.gateways.get(ctx, id)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'gateways.write' })
  @Answers('Remove a gateway for good: its calls are refused, and the secrets of its namespace get another key', undefined, { status: 204 })
  delete(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<void> {
    return this.removal.remove(ctx, id);
  }
}
