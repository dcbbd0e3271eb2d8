import type { Fault } from '@sluice/kernel';
import type { Hook } from './hooks';
import { objectHook } from './rules/identifiers';

/** What happens to what a hook was to look at when the hook fails: it is refused, or it goes on without the hook. */
export const FAILURE_POLICIES = ['fail_closed', 'fail_open'] as const;

export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

/** By capability (`pre_auth`, `object_hooks`) or by one object hook (`app.before_create`), which counts more than its capability. */
export type FailurePolicies = Readonly<Record<string, FailurePolicy>>;

/** The capabilities whose hooks stand in the way of something. */
export const POLICY_HOOKS: readonly Hook[] = ['pre_auth', 'auth', 'post_auth', 'on_response', 'object_hooks'];

/** What is wrong with policies that somebody wrote: `[]`, or a sentence for each with a pointer to its name. */
export function checkFailurePolicies(policies: Readonly<Record<string, unknown>>): Fault[] {
  return Object.entries(policies).flatMap(([hook, policy]) => {
    const message = checkOne(hook, policy);
    return message === undefined ? [] : [{ pointer: `/${hook.replaceAll('~', '~0').replaceAll('/', '~1')}`, message }];
  });
}

function checkOne(hook: string, policy: unknown): string | undefined {
  const isObjectHook = objectHook(hook) === undefined;
  if (!isObjectHook && !POLICY_HOOKS.some((known) => known === hook)) return `Write one of ${POLICY_HOOKS.join(', ')} as the name, or an object hook such as app.before_create.`;
  if (!FAILURE_POLICIES.some((known) => known === policy)) return 'Write "fail_closed" or "fail_open" here.';
  return isObjectHook && hook.includes('.after_') && policy === 'fail_closed' ? 'Write "fail_open" here, or leave it out: what comes after a write cannot refuse it.' : undefined;
}
