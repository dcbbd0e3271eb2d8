import { Module } from '@nestjs/common';
import { PluginsModule } from '../plugins';
import { PluginAppsService } from './plugin-apps.service';
import { PluginConfigUpdateService } from './plugin-config-update.service';
import { PluginKvService } from './plugin-kv.service';
import { StudioServiceApi } from './studio-service-api';

@Module({
  imports: [PluginsModule],
  providers: [StudioServiceApi, PluginKvService, PluginAppsService, PluginConfigUpdateService],
  exports: [StudioServiceApi, PluginKvService],
})
export class ServiceApiModule {}
