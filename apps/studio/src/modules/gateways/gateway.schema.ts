import { keyIdOf } from '@sluice/config-snapshot';
import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import { namespaceSchema } from '../snapshots';
import type { GatewayPluginState } from './gateway-report';
import type { GatewayWithState } from './gateway-with-state';

export const gatewayStateName = z.enum(['fresh', 'lagging', 'stale', 'unreachable']);

export const gatewayQuery = pageQuery.extend({
  namespace: namespaceSchema.optional().describe('Only gateways of this namespace; `default` is the one without a name.'),
  state: gatewayStateName.optional().describe('Only gateways in this state.'),
});
export type GatewayQuery = z.output<typeof gatewayQuery>;

const pluginState = z.object({
  plugin_id: z.int(),
  ready: z.boolean().describe('Whether a generation of it takes calls.'),
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
  transport: z.string().nullable().optional(),
  generations: z.array(z.object({ generation: z.int(), state: z.string(), since: z.iso.datetime(), active_calls: z.int(), active_streams: z.int() })).optional(),
});

export const gatewayView = z.object({
  id: z.int(),
  name: z.string(),
  namespace: z.string(),
  version: z.string(),
  key_id: z.string().describe('The first 16 hex digits of the SHA-256 of its public key.'),
  snapshot_format: z.int().describe('The newest format that it reads.'),
  snapshot_formats: z.array(z.int()).describe('The formats that it reads.'),
  key_version: z.int().nullable().describe('Which key of its namespace is sealed to it; null: none yet.'),
  state: gatewayStateName.describe('Computed from its lease and its revision: fresh, lagging (about to catch up), stale, or unreachable.'),
  last_heartbeat_at: z.iso.datetime().nullable(),
  current_revision: z.int().describe('What its namespace stands at.'),
  lag_seconds: z.number().nullable().describe('For how long there has been a revision that it has not applied; null: it has applied none of this epoch.'),
  config_source: z.enum(['redis', 'http', 'disk']).nullable().describe('Where what it applied came from.'),
  applied: z.object({ epoch: z.string(), revision: z.int(), root: z.string(), applied_at: z.iso.datetime().nullable(), source: z.string().nullable() }).nullable(),
  last_nack: z
    .object({ epoch: z.string(), revision: z.int(), code: z.string(), path: z.string(), message: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe('The last snapshot that it refused, until it applies one.'),
  plugins: z.array(pluginState),
  created_at: z.iso.datetime(),
});

const SOURCES = ['redis', 'http', 'disk'] as const;

export function viewGateway({ gateway, state, currentRevision, lagSeconds }: GatewayWithState): z.input<typeof gatewayView> {
  return {
    id: gateway.id,
    name: gateway.name,
    namespace: gateway.namespace,
    version: gateway.runningVersion,
    key_id: keyIdOf(gateway.publicKey),
    snapshot_format: gateway.snapshotFormat,
    // A reader takes its own format and the one before.
    snapshot_formats: [gateway.snapshotFormat - 1, gateway.snapshotFormat].filter((format) => format > 0),
    key_version: gateway.keyVersion,
    state,
    last_heartbeat_at: gateway.lastHeartbeatAt?.toISOString() ?? null,
    current_revision: currentRevision,
    lag_seconds: lagSeconds,
    config_source: SOURCES.find((source) => source === gateway.appliedSource) ?? null,
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
    plugins: gateway.pluginStates.map((plugin) => ({ ...plugin, ready: isReady(plugin) })),
    created_at: gateway.createdAt.toISOString(),
  };
}

/** In a reload the generation before still takes calls. A gateway of an older version says nothing of generations. */
function isReady({ state, generations }: GatewayPluginState): boolean {
  return state === 'ready' || (generations ?? []).some((generation) => generation.state === 'ready');
}
