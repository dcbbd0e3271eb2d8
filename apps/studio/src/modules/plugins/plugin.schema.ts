import { checkFailurePolicies, FAILURE_POLICIES, HOOKS } from '@sluice/plugin-manifest';
import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import { namespaceSchema } from '../snapshots';
import { holdsNul } from './json-at';
import { hookPoliciesOf } from './plugin-hook-policies';
import { manifestOf, scopesOf } from './plugin-manifest-of';
import type { PluginEntity } from './plugin.entity';
import { secretPointersOf } from './plugin-secrets';
import { maskSecrets } from './secret-config';

const MAX_CONFIG_BYTES = 262_144;

const NO_NUL = 'NUL characters cannot be stored.';
const withoutNul = (value: unknown): boolean => !holdsNul(value);
const name = z.string().trim().min(1, 'Give it a name.').max(200, 'Use at most 200 characters.').refine(withoutNul, NO_NUL);
const description = z.string().max(5_000, 'Use at most 5000 characters.').refine(withoutNul, NO_NUL);
const command = z.string().min(1, 'Write the command, for example file:///opt/plugins/echo.').max(4_096);
const config = z
  .record(z.string(), z.json())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_CONFIG_BYTES, `The config may have at most ${MAX_CONFIG_BYTES} bytes.`)
  .describe('For a plugin with custom endpoints with a `slug`. A secret that is left out, or sent as `{"set": true}`, keeps its value; null removes it.');
const failurePolicies = z
  .record(z.string().max(200), z.enum(FAILURE_POLICIES))
  .superRefine((policies, context) => {
    for (const { pointer, message } of checkFailurePolicies(policies)) context.addIssue({ code: 'custom', message, path: [pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')] });
  })
  .describe('By capability (`pre_auth`, `object_hooks`) or object hook (`app.before_create`): `fail_closed` refuses what a hook that fails was to look at, `fail_open` goes on without it. Counts more than the manifest.');
const hookTypes = z.array(z.string()).max(HOOKS.length * 2);

export const pluginCreate = z.strictObject({
  name,
  description: description.default(''),
  command: command.describe('Where its process comes from: `file:///path` of an executable or a Node.js script.'),
  config: config.default({}),
  hook_types: hookTypes.optional().describe('Default: those of the manifest. May name fewer, never more.'),
  namespace: namespaceSchema.default('').describe('Which gateways get it; empty for all.'),
  is_active: z.boolean().default(true),
  failure_policies: failurePolicies.default({}),
});

export const pluginPatch = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  command: command.optional(),
  config: config.optional(),
  hook_types: hookTypes.nullable().optional().describe('null: those of the manifest again.'),
  namespace: namespaceSchema.optional(),
  is_active: z.boolean().optional(),
  failure_policies: failurePolicies.optional().describe('Replaces all of them.'),
});

export const pluginQuery = pageQuery.extend({
  namespace: namespaceSchema.optional().describe('Only of this namespace.'),
  is_active: z.stringbool().optional(),
});

export const approveScopesBody = z.strictObject({
  scopes: z.array(z.string()).max(200).describe('What the plugin may use from now on: all of it, not an addition. Each must be declared by its manifest.'),
});

export type PluginCreate = z.output<typeof pluginCreate>;
export type PluginPatch = z.output<typeof pluginPatch>;
export type PluginQuery = z.output<typeof pluginQuery>;
export type ApproveScopes = z.output<typeof approveScopesBody>;

export const pluginView = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  command: z.string(),
  digest: z.string().nullable().describe('`sha256:…` of the program when it was last read; hosts start nothing else. null: nothing is pinned.'),
  config: z.record(z.string(), z.unknown()).describe('Secrets are shown as `{"set": true}` or `{"set": false}`.'),
  hook_types: z.array(z.enum(HOOKS)),
  hook_types_customized: z.boolean(),
  failure_policies: z.record(z.string(), z.enum(FAILURE_POLICIES)).describe('What the operator said.'),
  hook_policies: z
    .array(z.object({ hook: z.string(), policy: z.enum(FAILURE_POLICIES), decided_by: z.enum(['operator', 'manifest', 'default']) }))
    .describe('What happens when each of its hooks fails, and who decided that.'),
  namespace: z.string(),
  organization_id: z.int(),
  is_active: z.boolean(),
  slug: z.string().nullable(),
  scopes: z.object({ declared: z.array(z.string()), approved: z.array(z.string()), effective: z.array(z.string()), pending: z.array(z.string()) }),
  reloads: z.int(),
  manifest: z.record(z.string(), z.unknown()).nullable(),
  manifest_warnings: z.array(z.object({ pointer: z.string(), message: z.string() })),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export const configSchemaView = z.record(z.string(), z.unknown());

export function viewPlugin(plugin: PluginEntity): z.input<typeof pluginView> {
  return {
    id: plugin.id,
    name: plugin.name,
    description: plugin.description,
    command: plugin.command,
    digest: plugin.digest,
    config: maskSecrets(plugin.config, secretPointersOf(plugin)),
    hook_types: plugin.hookTypes,
    hook_types_customized: plugin.hookTypesCustomized,
    failure_policies: plugin.failurePolicies,
    hook_policies: hookPoliciesOf(plugin).map(({ decidedBy, ...policy }) => ({ ...policy, decided_by: decidedBy })),
    namespace: plugin.namespace,
    organization_id: plugin.organizationId,
    is_active: plugin.isActive,
    slug: plugin.slug,
    scopes: scopesOf(plugin),
    reloads: plugin.reloads,
    manifest: manifestOf(plugin) as Record<string, unknown> | null,
    manifest_warnings: plugin.manifestWarnings,
    version: plugin.version,
    created_at: plugin.createdAt.toISOString(),
    updated_at: plugin.updatedAt.toISOString(),
  };
}
