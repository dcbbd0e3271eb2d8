import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@sluice/config-snapshot';
import { DataSource, type EntityManager } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { findPage, type Page } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { changedMembers } from '../audit';
import { PluginDraft } from './plugin-draft';
import { pluginServiceErrors } from './plugin-errors';
import { PluginInspector } from './plugin-inspector';
import type { PluginCreate, PluginPatch, PluginQuery } from './plugin.schema';
import { PluginWriter } from './plugin-writer';
import { PluginEntity } from './plugin.entity';

@Injectable()
export class PluginService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: UnitOfWork,
    private readonly inspector: PluginInspector,
    private readonly draft: PluginDraft,
    private readonly writer: PluginWriter,
  ) {}

  list(ctx: RequestContext, query: PluginQuery): Promise<Page<PluginEntity>> {
    const where = {
      organizationId: organizationOf(ctx),
      ...(query.namespace !== undefined && { namespace: query.namespace }),
      ...(query.is_active !== undefined && { isActive: query.is_active }),
    };
    return findPage(this.dataSource.getRepository(PluginEntity), where, query);
  }

  async get(ctx: RequestContext, id: number): Promise<PluginEntity> {
    const plugin = await this.dataSource.getRepository(PluginEntity).findOneBy({ id, organizationId: organizationOf(ctx) });
    if (!plugin) throw new pluginServiceErrors.notFound({ id });
    return plugin;
  }

  async create(ctx: RequestContext, sent: PluginCreate): Promise<PluginEntity> {
    const facts = await this.inspector.inspect(sent.command);
    return this.work.run(ctx, async (tx) => {
      const id = await nextId(tx);
      const plugin = this.draft.create(id, organizationOf(ctx), sent, facts);
      return this.writer.save(tx, ctx, { plugin, previousNamespace: null, action: 'plugin.create', changes: this.draft.describe(plugin) });
    });
  }

  async update(ctx: RequestContext, id: number, expected: ExpectedVersions, sent: PluginPatch): Promise<PluginEntity> {
    const before = await this.get(ctx, id);
    // Asking a process takes seconds: never inside the transaction.
    const facts = sent.command !== undefined && sent.command !== before.command ? await this.inspector.inspect(sent.command) : null;
    return this.change(ctx, id, expected, 'plugin.update', (plugin) => this.draft.change(plugin, sent, facts));
  }

  /** Another config, everything else as it is: what `UpdatePluginConfig` of the Service API does. */
  updateConfig(ctx: RequestContext, id: number, config: JsonObject): Promise<PluginEntity> {
    return this.update(ctx, id, null, { config });
  }

  async delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    await this.work.run(ctx, async (tx) => {
      const plugin = await this.lock(tx, ctx, id);
      checkVersion(expected, plugin.version);
      await this.writer.remove(tx, ctx, plugin);
    });
  }

  /** One change of a plugin, with everything that belongs to a write. `edit` changes the row that it is given. */
  change(ctx: RequestContext, id: number, expected: ExpectedVersions, action: string, edit: (plugin: PluginEntity) => void): Promise<PluginEntity> {
    return this.work.run(ctx, async (tx) => {
      const plugin = await this.lock(tx, ctx, id);
      checkVersion(expected, plugin.version);
      const previousNamespace = plugin.namespace;
      const before = this.draft.describe(plugin);
      edit(plugin);
      return this.writer.save(tx, ctx, { plugin, previousNamespace, action, changes: changedMembers(before, this.draft.describe(plugin)) });
    });
  }

  private async lock(tx: EntityManager, ctx: RequestContext, id: number): Promise<PluginEntity> {
    const plugin = await lockRow(tx, PluginEntity, { id, organizationId: organizationOf(ctx) });
    if (!plugin) throw new pluginServiceErrors.notFound({ id });
    return plugin;
  }
}

/** Taken before the row is written, since the encryption of its secrets is bound to it. */
async function nextId(tx: EntityManager): Promise<number> {
  const rows: { id: string }[] = await tx.query(`SELECT nextval(pg_get_serial_sequence('plugins', 'id')) AS id`);
  return Number(rows[0]!.id);
}
