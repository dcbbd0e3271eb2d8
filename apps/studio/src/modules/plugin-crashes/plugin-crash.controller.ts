import { Controller, Get } from '@nestjs/common';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodQuery } from '../../http/zod';
import { pluginCrashQuery, type PluginCrashQuery, pluginCrashView, viewPluginCrash } from './plugin-crash.schema';
import { PluginCrashesService } from './plugin-crashes.service';

@Controller('api/v1/plugins')
export class PluginCrashController {
  constructor(private readonly crashes: PluginCrashesService) {}

  @Get(':id/crashes')
  @Policy({ scope: 'plugins.read' })
  @Answers('List the crashes of a plugin, newest first: the last 20 of each host', pluginCrashView, { list: true })
  async list(@Ctx() ctx: RequestContext, @PathId() id: number, @ZodQuery(pluginCrashQuery) query: PluginCrashQuery): Promise<object> {
    return listBody(await this.crashes.list(ctx, id, query), viewPluginCrash);
  }
}
