import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { findPage, type Page } from '../../http/pagination';
import { organizationOf, type Actor, type RequestContext } from '../../http/request-context';
import { AuditEntryEntity } from './audit-entry.entity';
import type { AuditQuery } from './audit.schema';
import { redact } from './redact';
import { inSnakeCase } from './snake-case';

export interface AuditedWrite {
  /** Noun and verb: `app.create`. */
  action: string;
  targetType: string;
  targetId: number | string;
  /** What was set, or what changed. Values of secrets do not belong here; names that look like one are redacted. */
  changes?: Readonly<Record<string, unknown>>;
}

@Injectable()
export class AuditService {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds a row in the transaction of the write itself: there is no write without its row, and no row without its write. */
  async record(tx: EntityManager, ctx: RequestContext, write: AuditedWrite): Promise<void> {
    await tx.insert(AuditEntryEntity, {
      organizationId: organizationOf(ctx),
      actorKind: ctx.actor.kind,
      ...nameActor(ctx.actor),
      action: write.action,
      targetType: write.targetType,
      targetId: String(write.targetId),
      changes: redact(inSnakeCase(write.changes ?? {})) as never,
      requestId: ctx.requestId,
      traceId: ctx.traceId,
      ip: ctx.ip,
    });
  }

  list(ctx: RequestContext, query: AuditQuery): Promise<Page<AuditEntryEntity>> {
    const { limit, cursor, action, target_type: targetType, target_id: targetId } = query;
    return findPage(
      this.dataSource.getRepository(AuditEntryEntity),
      { organizationId: organizationOf(ctx), ...(action && { action }), ...(targetType && { targetType }), ...(targetId && { targetId }) },
      { limit, cursor },
      'newest-first',
    );
  }
}

function nameActor(actor: Actor): { actorId: number | null; actorName: string } {
  switch (actor.kind) {
    case 'user':
      return { actorId: actor.userId, actorName: actor.email };
    case 'plugin':
      return { actorId: actor.pluginId, actorName: `plugin ${actor.pluginId}` };
    case 'system':
      return { actorId: null, actorName: actor.name };
  }
}
