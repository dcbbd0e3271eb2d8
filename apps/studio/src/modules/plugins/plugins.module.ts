import { Module } from '@nestjs/common';
import { NamespaceKeysModule } from '../namespace-keys';
import { SnapshotsModule } from '../snapshots';
import { PluginDefinitions } from './plugin-definitions';
import { PluginDraft } from './plugin-draft';
import { PluginInspector } from './plugin-inspector';
import { PluginLifecycleService } from './plugin-lifecycle.service';
import { PluginPrograms } from './plugin-programs';
import { PluginRecords } from './plugin-records';
import { PluginRequirements } from './plugin-requirements';
import { PluginRestorer } from './plugin-restorer';
import { PluginSecrets } from './plugin-secrets';
import { PluginWriter } from './plugin-writer';
import { PluginController } from './plugin.controller';
import { PluginService } from './plugin.service';

@Module({
  imports: [SnapshotsModule, NamespaceKeysModule],
  controllers: [PluginController],
  providers: [PluginService, PluginLifecycleService, PluginInspector, PluginPrograms, PluginDraft, PluginWriter, PluginRequirements, PluginSecrets, PluginDefinitions, PluginRecords, PluginRestorer],
  exports: [PluginService, PluginDefinitions, PluginPrograms],
})
export class PluginsModule {}
