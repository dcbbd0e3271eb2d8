import { Module } from '@nestjs/common';
import { PluginsModule } from '../plugins';
import { PluginCrashController } from './plugin-crash.controller';
import { PluginCrashesService } from './plugin-crashes.service';

@Module({
  imports: [PluginsModule],
  controllers: [PluginCrashController],
  providers: [PluginCrashesService],
  exports: [PluginCrashesService],
})
export class PluginCrashesModule {}
