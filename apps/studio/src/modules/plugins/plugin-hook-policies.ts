import { hookPolicies, type HookPolicy, type PolicySources } from '@sluice/governance';
import { manifestOf } from './plugin-manifest-of';
import type { PluginEntity } from './plugin.entity';

/** `app.before_create` and the like that the manifest permits; null: there is no manifest, and the plugin may hook everything. */
export function permittedObjectHooks(plugin: Pick<PluginEntity, 'manifest'>): readonly string[] | null {
  return manifestOf(plugin)?.permissions.object_hooks ?? null;
}

/** A manifest that was stored before there were policies has none. */
export function policySourcesOf(plugin: Pick<PluginEntity, 'manifest' | 'failurePolicies'>): PolicySources {
  return { declared: manifestOf(plugin)?.failure_policies ?? {}, operator: plugin.failurePolicies };
}

export function hookPoliciesOf(plugin: Pick<PluginEntity, 'manifest' | 'failurePolicies' | 'hookTypes'>): HookPolicy[] {
  return hookPolicies(plugin.hookTypes, permittedObjectHooks(plugin), policySourcesOf(plugin));
}
