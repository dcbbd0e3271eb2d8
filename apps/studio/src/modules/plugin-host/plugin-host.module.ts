import { Module } from '@nestjs/common';
import { GatewaysModule } from '../gateways';
import { PluginsModule } from '../plugins';
import { ServiceApiModule } from '../service-api';
import { PluginCallsService } from './plugin-calls.service';
import { PluginHostController } from './plugin-host.controller';
import { PluginStatusService } from './plugin-status.service';
import { StudioPluginHost } from './studio-plugin-host';

/** Runs plugins inside the studio. Only in processes that serve the API. */
@Module({
  imports: [PluginsModule, ServiceApiModule, GatewaysModule],
  controllers: [PluginHostController],
  providers: [StudioPluginHost, PluginCallsService, PluginStatusService],
})
export class PluginHostModule {}
