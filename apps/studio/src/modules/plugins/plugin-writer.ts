import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../http/request-context';
import { AuditService } from '../audit';
import { SystemEvents, type ChangedThing } from '../events';
import { RevisionService } from '../snapshots';
import { pluginServiceErrors } from './plugin-errors';
import { PluginRequirements } from './plugin-requirements';
import { PluginEntity } from './plugin.entity';

/** Where a committed write of a plugin is announced inside Postgres; the payload is the plugin's id. */
export const PLUGINS_CHANNEL = 'sluice_plugins';

/** Whatever else is done to a plugin changes it. */
const VERBS: Readonly<Record<string, ChangedThing['verb']>> = { 'plugin.create': 'created', 'plugin.delete': 'deleted' };

interface WrittenPlugin {
  plugin: PluginEntity;
  /** Where it was before; null for a new one. */
  previousNamespace: string | null;
  action: string;
  changes: Readonly<Record<string, unknown>>;
}

/** What belongs to every write of a plugin: the slug's uniqueness, what plugins require of each other, the audit row, the revision, and word to the hosts. */
@Injectable()
export class PluginWriter {
  constructor(
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    private readonly events: SystemEvents,
    private readonly requirements: PluginRequirements,
  ) {}

  async save(tx: EntityManager, ctx: RequestContext, written: WrittenPlugin): Promise<PluginEntity> {
    await this.refuseTakenSlug(tx, written.plugin);
    const saved = await this.requirements.guard(tx, written.plugin, () => tx.save(PluginEntity, written.plugin));
    await this.conclude(tx, ctx, { ...written, plugin: saved });
    return saved;
  }

  /** Several at once, which may take each other's slugs and places: what has to hold, holds when all of them are written. */
  async saveAll(tx: EntityManager, ctx: RequestContext, written: readonly WrittenPlugin[]): Promise<void> {
    const [first] = written;
    if (!first) return;
    const saved = await this.requirements.guard(tx, first.plugin, async () => {
      await tx.query('UPDATE plugins SET is_active = false WHERE id = ANY($1)', [written.map(({ plugin }) => plugin.id)]);
      const plugins: PluginEntity[] = [];
      for (const { plugin } of written) {
        await this.refuseTakenSlug(tx, plugin);
        plugins.push(await tx.save(PluginEntity, plugin));
      }
      return plugins;
    });
    for (const [index, plugin] of saved.entries()) await this.conclude(tx, ctx, { ...written[index]!, plugin });
  }

  async remove(tx: EntityManager, ctx: RequestContext, plugin: PluginEntity): Promise<void> {
    await this.requirements.guard(tx, plugin, () => tx.delete(PluginEntity, { id: plugin.id }));
    await this.conclude(tx, ctx, { plugin, previousNamespace: null, action: 'plugin.delete', changes: { name: plugin.name } });
  }

  private async conclude(tx: EntityManager, ctx: RequestContext, { plugin, previousNamespace, action, changes }: WrittenPlugin): Promise<void> {
    await this.audit.record(tx, ctx, { action, targetType: 'plugin', targetId: plugin.id, changes });
    const { id, name, organizationId, namespace } = plugin;
    const namespaces = [...new Set([namespace, previousNamespace ?? namespace])];
    for (const one of namespaces) await this.revisions.bump(tx, one, [{ kind: 'plugin', id }]);
    await this.events.announce(tx, { noun: 'plugin', verb: VERBS[action] ?? 'updated', id, name, organizationId, namespaces });
    await tx.query(`SELECT pg_notify('${PLUGINS_CHANNEL}', $1)`, [String(plugin.id)]);
  }

  /** A gateway sees the plugins of its namespace and those of `''`, so a slug of `''` is taken everywhere. */
  private async refuseTakenSlug(tx: EntityManager, plugin: PluginEntity): Promise<void> {
    if (!plugin.isActive || plugin.slug === null) return;
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('plugin-slug'), hashtext($1))`, [plugin.slug]);
    const others: { id: number; name: string; namespace: string }[] = await tx.query(
      `SELECT id, name, namespace FROM plugins
        WHERE is_active AND slug = $1 AND id <> $2 AND (namespace = $3 OR namespace = '' OR $3 = '') ORDER BY id LIMIT 1`,
      [plugin.slug, plugin.id ?? 0, plugin.namespace],
    );
    const other = others[0];
    if (!other) return;
    const place = other.namespace === '' ? 'every namespace' : `the namespace "${other.namespace}"`;
    const message = `The slug "${plugin.slug}" is taken by the active plugin "${other.name}" (id ${other.id}) in ${place}. Choose another one, or deactivate that plugin.`;
    throw new pluginServiceErrors.slugTaken({ pluginId: other.id }, { detail: message, faults: [{ pointer: '/config/slug', message }] });
  }
}
