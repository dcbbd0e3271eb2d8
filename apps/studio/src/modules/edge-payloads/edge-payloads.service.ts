import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work';
import { findPage, type Page } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { AuditService } from '../audit';
import { PluginService } from '../plugins';
import { EDGE_PAYLOADS_CHANNEL } from './edge-payload-intake.service';
import { EdgePayloadEntity } from './edge-payload.entity';
import { edgePayloadErrors } from './edge-payload.errors';
import type { EdgePayloadQuery } from './edge-payload.schema';

const REVIVED = { state: 'pending' as const, refusals: 0, notBefore: null, deadAt: null };

/** What an operator sees of payloads that wait, and does about those that a plugin did not take. */
@Injectable()
export class EdgePayloadsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: UnitOfWork,
    private readonly plugins: PluginService,
    private readonly audit: AuditService,
  ) {}

  async list(ctx: RequestContext, pluginId: number, { state, ...page }: EdgePayloadQuery): Promise<Page<EdgePayloadEntity>> {
    await this.plugins.get(ctx, pluginId);
    return findPage(this.dataSource.getRepository(EdgePayloadEntity), { pluginId, ...(state && { state }) }, page);
  }

  /** Has a dead payload delivered again. It was here before others, so it comes before them. */
  async retry(ctx: RequestContext, pluginId: number, id: number): Promise<EdgePayloadEntity> {
    await this.plugins.get(ctx, pluginId);
    return this.work.run(ctx, async (tx) => {
      const row = await lockDead(tx, pluginId, id);
      await tx.update(EdgePayloadEntity, { id }, REVIVED);
      await this.audit.record(tx, ctx, { action: 'edge_payload.retry', targetType: 'edge_payload', targetId: id, changes: { plugin_id: pluginId, reason: row.reason } });
      await tx.query(`SELECT pg_notify('${EDGE_PAYLOADS_CHANNEL}', $1)`, [String(pluginId)]);
      return { ...row, ...REVIVED };
    });
  }

  /** Gives a dead payload up. */
  async delete(ctx: RequestContext, pluginId: number, id: number): Promise<void> {
    await this.plugins.get(ctx, pluginId);
    await this.work.run(ctx, async (tx) => {
      const { gatewayId, sequence, correlationId, reason } = await lockDead(tx, pluginId, id);
      await tx.delete(EdgePayloadEntity, { id });
      await this.audit.record(tx, ctx, { action: 'edge_payload.delete', targetType: 'edge_payload', targetId: id, changes: { pluginId, gatewayId, sequence, correlationId, reason } });
    });
  }

  /** Gives all dead payloads of a plugin up. @returns how many. */
  async deleteDead(ctx: RequestContext, pluginId: number): Promise<number> {
    await this.plugins.get(ctx, pluginId);
    return this.work.run(ctx, async (tx) => {
      const { affected } = await tx.delete(EdgePayloadEntity, { pluginId, state: 'dead' });
      if (affected) await this.audit.record(tx, ctx, { action: 'edge_payload.delete_dead', targetType: 'plugin', targetId: pluginId, changes: { deleted: affected } });
      return affected ?? 0;
    });
  }
}

async function lockDead(tx: EntityManager, pluginId: number, id: number): Promise<EdgePayloadEntity> {
  const row = await tx.findOne(EdgePayloadEntity, { where: { id, pluginId }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new edgePayloadErrors.notFound({ id, pluginId });
  if (row.state !== 'dead') throw new edgePayloadErrors.notDead({ id });
  return row;
}
