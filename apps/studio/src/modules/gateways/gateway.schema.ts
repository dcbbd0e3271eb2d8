import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import { namespaceSchema } from '../snapshots';
import type { GatewayWithState } from './gateway-with-state';

export const gatewayQuery = pageQuery.extend({ namespace: namespaceSchema.optional().describe('Only gateways of this namespace.') });
export type GatewayQuery = z.output<typeof gatewayQuery>;

export const gatewayStateName = z.enum(['fresh', 'lagging', 'stale', 'unreachable']);

const pluginState = z.object({
  plugin_id: z.int(),
  state: z.string(),
  reason: z.string(),
  since: z.iso.datetime(),
  generation: z.int(),
  restarts: z.int(),
  exit_code: z.int().nullable(),
  exit_signal: z.string().nullable(),
  last_log_lines: z.array(z.string()),
  not_enforced: z.array(z.string()).optional(),
  remarks: z.array(z.string()).optional(),
  generations: z.array(z.object({ generation: z.int(), state: z.string(), since: z.iso.datetime(), active_calls: z.int(), active_streams: z.int() })).optional(),
});

export const gatewayView = z.object({
  id: z.int(),
  name: z.string(),
  namespace: z.string(),
  version: z.string(),
  snapshot_format: z.int(),
  state: gatewayStateName.describe('Computed from its lease and its revision: fresh, lagging (about to catch up), stale, or unreachable.'),
  last_heartbeat_at: z.iso.datetime().nullable(),
  current_revision: z.int().describe('What its namespace stands at.'),
  applied: z.object({ epoch: z.string(), revision: z.int(), root: z.string(), applied_at: z.iso.datetime().nullable(), source: z.string().nullable() }).nullable(),
  last_nack: z
    .object({ epoch: z.string(), revision: z.int(), code: z.string(), path: z.string(), message: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe('The last snapshot that it refused, until it applies one.'),
  plugins: z.array(pluginState),
  created_at: z.iso.datetime(),
});

export function viewGateway({ gateway, state, currentRevision }: GatewayWithState): z.input<typeof gatewayView> {
  return {
    id: gateway.id,
    name: gateway.name,
    namespace: gateway.namespace,
    version: gateway.runningVersion,
    snapshot_format: gateway.snapshotFormat,
    state,
    last_heartbeat_at: gateway.lastHeartbeatAt?.toISOString() ?? null,
    current_revision: currentRevision,
    applied:
      gateway.appliedEpoch === null || gateway.appliedRevision === null
        ? null
        : {
            epoch: gateway.appliedEpoch,
            revision: Number(gateway.appliedRevision),
            root: gateway.appliedRoot ?? '',
            applied_at: gateway.appliedAt?.toISOString() ?? null,
            source: gateway.appliedSource,
          },
    last_nack: gateway.lastNack,
    plugins: gateway.pluginStates,
    created_at: gateway.createdAt.toISOString(),
  };
}
