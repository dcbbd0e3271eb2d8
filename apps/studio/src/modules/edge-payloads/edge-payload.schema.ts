import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import type { EdgePayloadEntity } from './edge-payload.entity';

export const edgePayloadQuery = pageQuery.extend({
  state: z.enum(['pending', 'dead']).optional().describe('Only those that wait, or only those that the plugin did not take.'),
});

/** Says what is deleted, so that nobody empties the queue who wanted to tidy up. */
export const deletedPayloadsQuery = z.strictObject({ state: z.literal('dead', 'Only dead payloads can be deleted: write state=dead.') });

export const deletedPayloadsView = z.object({ deleted: z.int() });

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
  dead_at: z.iso.datetime().nullable().describe('Since when nobody tries any more. It is deleted some time after that (PLUGIN_DEAD_PAYLOADS_KEPT).'),
});

export function viewEdgePayload(row: EdgePayloadEntity): z.input<typeof edgePayloadView> {
  return {
    id: Number(row.id),
    state: row.state,
    gateway_id: row.gatewayId,
    gateway: row.gatewayName,
    gateway_namespace: row.gatewayNamespace,
    sequence: row.sequence,
    size_bytes: row.sizeBytes,
    correlation_id: row.correlationId,
    metadata: row.metadata,
    queued_at: row.queuedAt.toISOString(),
    received_at: row.createdAt.toISOString(),
    attempts: row.attempts,
    refusals: row.refusals,
    reason: row.reason,
    not_before: row.notBefore?.toISOString() ?? null,
    dead_at: row.deadAt?.toISOString() ?? null,
  };
}
