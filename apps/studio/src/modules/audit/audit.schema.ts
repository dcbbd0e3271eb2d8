import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import type { AuditEntryEntity } from './audit-entry.entity';

export const auditQuery = pageQuery.extend({
  action: z.string().max(100).optional().describe('Only this action, such as app.create.'),
  target_type: z.string().max(100).optional(),
  target_id: z.string().max(100).optional(),
});

export type AuditQuery = z.output<typeof auditQuery>;

export const auditEntryView = z.object({
  id: z.int(),
  actor: z.object({ kind: z.enum(['user', 'system', 'plugin']), id: z.int().nullable(), name: z.string() }),
  action: z.string(),
  target_type: z.string(),
  target_id: z.string(),
  changes: z.record(z.string(), z.unknown()),
  request_id: z.string(),
  trace_id: z.string(),
  ip: z.string(),
  created_at: z.iso.datetime(),
});

export function viewAuditEntry(entry: AuditEntryEntity): z.input<typeof auditEntryView> {
  return {
    id: entry.id,
    actor: { kind: entry.actorKind, id: entry.actorId, name: entry.actorName },
    action: entry.action,
    target_type: entry.targetType,
    target_id: entry.targetId,
    changes: entry.changes,
    request_id: entry.requestId,
    trace_id: entry.traceId,
    ip: entry.ip,
    created_at: entry.createdAt.toISOString(),
  };
}
