import { Injectable } from '@nestjs/common';
import { sealConfig, type JsonObject, type NamespaceKey } from '@sluice/config-snapshot';
import { Any, In, MoreThan, type EntityManager, type FindOperator } from 'typeorm';
import { NamespaceKeys } from '../namespace-keys';
import { RecordSources, rowPages, type RecordSource, type SourcedRecord } from '../snapshots';
import { compatOf, limitsOf, scopesOf } from './plugin-manifest-of';
import { runsOn } from './plugin-rules';
import { PluginSecrets, secretPointersOf } from './plugin-secrets';
import { PluginEntity } from './plugin.entity';

/** Where a gateway opens the secrets of a plugin's config: what `openConfig` is given there as `aad`. */
function edgePlaceOf(pluginId: number): string {
  return `plugin ${pluginId}`;
}

/** The plugins that gateways run. Their secrets change from the studio's key to that of the namespace whose gateways get them. */
@Injectable()
export class PluginRecords implements RecordSource {
  readonly kind = 'plugin';

  constructor(
    private readonly secrets: PluginSecrets,
    private readonly keys: NamespaceKeys,
    sources: RecordSources,
  ) {
    sources.add(this);
  }

  async some(tx: EntityManager, namespace: string, ids: readonly number[]): Promise<SourcedRecord[]> {
    return this.recordsOf(await this.plugins(tx, namespace, Any(ids)), await this.keys.current(tx, namespace));
  }

  async *all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]> {
    const key = await this.keys.current(tx, namespace);
    for await (const plugins of rowPages((after, limit) => this.plugins(tx, namespace, MoreThan(after), limit))) yield this.recordsOf(plugins, key);
  }

  private plugins(tx: EntityManager, namespace: string, id: FindOperator<number>, take?: number): Promise<PluginEntity[]> {
    return tx.find(PluginEntity, { where: { id, isActive: true, namespace: In(['', namespace]) }, order: { id: 'ASC' }, take });
  }

  private recordsOf(plugins: readonly PluginEntity[], key: NamespaceKey): SourcedRecord[] {
    return plugins.filter(({ hookTypes }) => runsOn('gateway', hookTypes)).map((plugin) => ({ record: this.record(plugin, key), origin: originOf(plugin) }));
  }

  private record(plugin: PluginEntity, key: NamespaceKey): SourcedRecord['record'] {
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
        config: sealConfig(this.secrets.open(plugin), secretPointersOf(plugin), key, edgePlaceOf(plugin.id)),
        approved_scopes: scopesOf(plugin).effective,
        reloads: plugin.reloads,
        digest: plugin.digest,
        limits: limitsOf(plugin),
        compat: compatOf(plugin),
      },
    };
  }
}

/** What gateways are not told, and a plugin needs to be put back to how it was. Secrets stay encrypted with the studio's key. */
function originOf({ config, hookTypesCustomized, approvedScopes, failurePolicies, manifest, configSchema }: PluginEntity): JsonObject {
  return { config, failure_policies: { ...failurePolicies }, hook_types_customized: hookTypesCustomized, approved_scopes: approvedScopes, manifest, config_schema: configSchema };
}
