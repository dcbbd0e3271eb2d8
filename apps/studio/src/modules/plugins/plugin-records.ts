import { Injectable } from '@nestjs/common';
import { sealConfig, type SnapshotRecord } from '@sluice/config-snapshot';
import { In, type EntityManager } from 'typeorm';
import { EdgeKeys, RecordSources, type RecordSource } from '../snapshots';
import { compatOf, limitsOf, scopesOf } from './plugin-manifest-of';
import { runsOn } from './plugin-rules';
import { PluginSecrets, secretPointersOf } from './plugin-secrets';
import { PluginEntity } from './plugin.entity';

/** Where a gateway opens the secrets of a plugin's config: what `openConfig` is given there as `aad`. */
function edgePlaceOf(pluginId: number): string {
  return `plugin ${pluginId}`;
}

/** The plugins that gateways run. Their secrets change from the studio's key to the one that gateways have. */
@Injectable()
export class PluginRecords implements RecordSource {
  constructor(
    private readonly secrets: PluginSecrets,
    private readonly keys: EdgeKeys,
    sources: RecordSources,
  ) {
    sources.add(this);
  }

  async records(tx: EntityManager, namespace: string): Promise<SnapshotRecord[]> {
    const plugins = await tx.find(PluginEntity, { where: { isActive: true, namespace: In(['', namespace]) }, order: { id: 'ASC' } });
    return plugins.filter(({ hookTypes }) => runsOn('gateway', hookTypes)).map((plugin) => this.record(plugin));
  }

  private record(plugin: PluginEntity): SnapshotRecord {
    return {
      kind: 'plugin',
      id: String(plugin.id),
      data: {
        id: plugin.id,
        name: plugin.name,
        namespace: plugin.namespace,
        organization_id: plugin.organizationId,
        slug: plugin.slug,
        command: plugin.command,
        hooks: [...plugin.hookTypes],
        config: sealConfig(this.secrets.open(plugin), secretPointersOf(plugin), this.keys.secretKey, edgePlaceOf(plugin.id)),
        approved_scopes: scopesOf(plugin).effective,
        reloads: plugin.reloads,
        digest: plugin.digest,
        limits: limitsOf(plugin),
        compat: compatOf(plugin),
      },
    };
  }
}
