import { Injectable } from '@nestjs/common';
import type { JsonObject, PluginData } from '@sluice/config-snapshot';
import { In, type EntityManager } from 'typeorm';
import type { RequestContext } from '../../http/request-context';
import { RecordRestorers, type NounToRestore, type RecordRestorer } from '../snapshots';
import { PluginDraft } from './plugin-draft';
import { PluginWriter } from './plugin-writer';
import { PluginEntity } from './plugin.entity';

/** Puts plugins back to how gateways had them. One that was deleted comes back under its id, without what it kept; one that gateways did not have is switched off. */
@Injectable()
export class PluginRestorer implements RecordRestorer {
  readonly kind = 'plugin';

  constructor(
    private readonly writer: PluginWriter,
    private readonly draft: PluginDraft,
    restorers: RecordRestorers,
  ) {
    restorers.add(this);
  }

  async restore(tx: EntityManager, ctx: RequestContext, nouns: readonly NounToRestore[]): Promise<void> {
    const rows = await tx.find(PluginEntity, { where: { id: In(nouns.map(({ id }) => id)) }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const written = nouns.flatMap(({ id, version }) => {
      const row = byId.get(id);
      if (version === null && !row) return [];
      const plugin = row ?? Object.assign(new PluginEntity(), { id, description: '', manifestWarnings: [], failurePolicies: {} });
      const previousNamespace = row?.namespace ?? null;
      Object.assign(plugin, version === null ? { isActive: false } : columnsOf(version.record.data as PluginData, version.origin, row?.reloads));
      return [{ plugin, previousNamespace, action: 'plugin.restore', changes: this.draft.describe(plugin) }];
    });
    // What plugins require of each other is a matter of one organization.
    const organizations = new Set(written.map(({ plugin }) => plugin.organizationId));
    for (const id of organizations) await this.writer.saveAll(tx, ctx, written.filter(({ plugin }) => plugin.organizationId === id));
  }
}

/** @param reloads how often the row was reloaded; it never counts back. */
function columnsOf(data: PluginData, origin: JsonObject | null, reloads: number | undefined): Partial<PluginEntity> {
  const kept = (origin ?? {}) as { config?: JsonObject; hook_types_customized?: boolean; approved_scopes?: string[]; failure_policies?: PluginEntity['failurePolicies']; manifest?: JsonObject | null; config_schema?: JsonObject | null };
  const { name, command, namespace, slug } = data;
  return {
    name,
    command,
    namespace,
    slug,
    organizationId: data.organization_id,
    hookTypes: data.hooks as PluginEntity['hookTypes'],
    digest: data.digest ?? null,
    isActive: true,
    reloads: Math.max(reloads ?? 0, data.reloads),
    config: kept.config ?? {},
    hookTypesCustomized: kept.hook_types_customized ?? false,
    approvedScopes: kept.approved_scopes ?? data.approved_scopes,
    ...(kept.failure_policies && { failurePolicies: kept.failure_policies }),
    manifest: kept.manifest ?? null,
    configSchema: kept.config_schema ?? null,
  };
}
