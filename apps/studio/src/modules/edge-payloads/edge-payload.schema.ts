import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import type { EdgePayloadEntity } from './edge-payload.entity';

export const edgePayloadQuery = pageQuery.extend({
  state: z.enum(['pending', 'dead']).optional().describe('Only those that wait, or only those that the plugin did not take.'),
});

export type EdgePayloadQuery = z.output<typeof edgePayloadQuery>;

export const edgePayloadView = z.object({
  id: z.int(),
  state: z.enum(['pending', 'dead']),
  gateway_id: z.int(),
  gateway: z.string(),
  gateway_namespace: z.string(),
  sequence: z.int().describe('Counts what this plugin queued on this gateway.'),
  size_bytes: z.int(),
  correlation_id: z.string(),
  metadata: z.record(z.string(), z.string()),
  queued_at: z.iso.datetime().describe("By the gateway's clock."),
  received_at: z.iso.datetime(),
  attempts: z.int(),
  refusals: z.int(),
  reason: z.string().describe('Why the plugin did not take it the last time.'),
  not_before: z.iso.datetime().nullable().describe('When it is tried again.'),
});

export function viewEdgePayload(row: EdgePayloadEntity): z.input<typeof edgePayloadView> {
  return {
    id: Number(row.id),
    state: row.state,
    gateway_id: row.gatewayId,
    gateway: row.gatewayName,
    gateway_namespace: row.gatewayNamespace,
    sequence: row.sequence,
    size_bytes: row.payload.length,
    correlation_id: row.correlationId,
    metadata: row.metadata,
    queued_at: row.queuedAt.toISOString(),
    received_at: row.createdAt.toISOString(),
    attempts: row.attempts,
    refusals: row.refusals,
    reason: row.reason,
    not_before: row.notBefore?.toISOString() ?? null,
  };
}
