import type { FailurePolicies, FailurePolicy } from '@sluice/plugin-manifest';

/** Who may say what happens when a hook of one plugin fails. */
export interface PolicySources {
  /** Of the plugin's manifest. */
  declared: FailurePolicies;
  /** Of the operator, for this one plugin. */
  operator: FailurePolicies;
}

export interface EffectivePolicy {
  policy: FailurePolicy;
  decidedBy: 'operator' | 'manifest' | 'default';
}

/** What refuses when it fails and nobody said otherwise: what stands between a request and its upstream, or before a write. */
const CLOSED_BY_DEFAULT = /^(?:pre_auth|auth|post_auth|on_response|object_hooks|[a-z][a-z0-9_]*\.before_\w+)$/;
const AFTER_A_WRITE = /\.after_\w+$/;

/**
 * What happens when this hook fails. The operator counts more than the manifest, and of one of the two the name of an object hook more than its capability.
 * What comes after a write is always `fail_open`: there is nothing left to refuse.
 *
 * @param hook a capability (`pre_auth`) or an object hook (`app.before_create`).
 */
export function effectivePolicy(hook: string, { declared, operator }: PolicySources): EffectivePolicy {
  if (AFTER_A_WRITE.test(hook)) return { policy: 'fail_open', decidedBy: 'default' };
  const names = hook.includes('.') ? [hook, 'object_hooks'] : [hook];
  const byOperator = firstOf(operator, names);
  if (byOperator) return { policy: byOperator, decidedBy: 'operator' };
  const byManifest = firstOf(declared, names);
  if (byManifest) return { policy: byManifest, decidedBy: 'manifest' };
  return { policy: CLOSED_BY_DEFAULT.test(hook) ? 'fail_closed' : 'fail_open', decidedBy: 'default' };
}

function firstOf(policies: FailurePolicies, names: readonly string[]): FailurePolicy | undefined {
  const name = names.find((candidate) => Object.hasOwn(policies, candidate));
  return name === undefined ? undefined : policies[name];
}
