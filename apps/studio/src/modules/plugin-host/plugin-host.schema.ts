import { FAILURE_POLICIES } from '@sluice/plugin-manifest';
import { z } from 'zod';

const exit = z.object({ code: z.int().nullable(), signal: z.string().nullable(), generation: z.int(), at: z.iso.datetime() });

const notEnforced = z.array(z.string()).describe('Protections against this plugin that could not be put in place there; a sentence each.');

const generation = z.object({
  generation: z.int(),
  state: z.string().describe('starting, ready or draining.'),
  since: z.iso.datetime(),
  active_calls: z.int(),
  active_streams: z.int().describe('Those of the calls that are answered by a stream.'),
});

const remarks = z.array(z.string()).describe('What it did that others had to be protected from; a sentence each.');

const transport = z.string().nullable().describe('What carries calls to the generation that serves: lane or grpc-js; null while none does.');

const processState = z.object({
  state: z.string().describe('starting, ready, draining, stopped, crashed, backoff or crashlooping.'),
  reason: z.string().describe('Empty while all is well.'),
  since: z.iso.datetime(),
  generation: z.int(),
  pid: z.int().nullable(),
  restarts: z.int(),
  last_exit: exit.nullable(),
  reload_failed: z.string().nullable().describe('A newer generation could not be started and the one before it goes on serving: why.'),
  last_log_lines: z.array(z.string()),
  not_enforced: notEnforced,
  remarks,
  transport,
  generations: z.array(generation.extend({ pid: z.int().nullable() })).describe('Every generation that is there, the oldest first: while a plugin is reloaded, more than one.'),
});

export const gatewayPluginView = z.object({
  gateway_id: z.int(),
  gateway: z.string(),
  gateway_namespace: z.string(),
  gateway_state: z.enum(['fresh', 'lagging', 'stale', 'unreachable']),
  state: z.string(),
  reason: z.string(),
  since: z.iso.datetime(),
  generation: z.int(),
  restarts: z.int(),
  exit_code: z.int().nullable(),
  exit_signal: z.string().nullable(),
  last_log_lines: z.array(z.string()),
  not_enforced: notEnforced.optional(),
  remarks: remarks.optional(),
  transport: transport.optional(),
  generations: z.array(generation).optional(),
});

export const pluginStatusView = z.object({
  plugin_id: z.int(),
  is_active: z.boolean(),
  studio: processState.nullable().describe('null: the studio does not run it, because it is inactive or has no hook here.'),
  object_hooks: z
    .array(z.object({ hook: z.string(), priority: z.int(), policy: z.enum(FAILURE_POLICIES), permitted: z.boolean().describe('false: `permissions.object_hooks` of its manifest does not name it, so it is not called.') }))
    .describe('What it registered here, while it runs.'),
  gateways: z.array(gatewayPluginView).describe('What each gateway said last, with the state of the gateway itself.'),
});

export type PluginStatusView = z.input<typeof pluginStatusView>;
export type ProcessStateView = z.input<typeof processState>;

export const rpcBody = z.json().optional().describe('Any JSON; what the method expects is up to the plugin.');
export const rpcAnswer = z.unknown();
