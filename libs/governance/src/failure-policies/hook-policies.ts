import { POLICY_HOOKS, type Hook } from '@sluice/plugin-manifest';
import { effectivePolicy, type EffectivePolicy, type PolicySources } from './effective-policy';

export interface HookPolicy extends EffectivePolicy {
  /** A capability, or an object hook. */
  hook: string;
}

/**
 * The policy of each hook that a plugin has and that something else passes through. Of `object_hooks` each hook that the manifest names; without a manifest the
 * capability as a whole.
 */
export function hookPolicies(hooks: readonly Hook[], objectHooks: readonly string[] | null, sources: PolicySources): HookPolicy[] {
  return hooks
    .filter((hook) => POLICY_HOOKS.includes(hook) || hook === 'data_collection')
    .flatMap((hook): readonly string[] => (hook === 'object_hooks' && objectHooks !== null ? objectHooks : [hook]))
    .map((hook) => ({ hook, ...effectivePolicy(hook, sources) }));
}
