import type { FailurePolicy } from '@sluice/plugin-manifest';
import { effectivePolicy, type PolicySources } from '../failure-policies/effective-policy';
import { hookTypeOf, objectHookName, type ObjectHookPoint } from './object-hook-name';

/** What a running plugin answered. */
export interface ObjectHookRegistration {
  objectType: string;
  hookTypes: readonly string[];
  priority: number;
}

/** An active plugin with object hooks. */
export interface HookingPlugin {
  id: number;
  name: string;
  /** `permissions.object_hooks` of its manifest; null: it has no manifest, and so may hook everything. */
  permitted: readonly string[] | null;
  /** null: it is not running, so that nobody knows. */
  registered: readonly ObjectHookRegistration[] | null;
  policies: PolicySources;
}

/** One plugin that is asked, or would have to be. */
export interface PlannedHook {
  pluginId: number;
  pluginName: string;
  priority: number;
  policy: FailurePolicy;
  running: boolean;
}

/**
 * Whom to ask at this point, in order: the lower priority first, then the older plugin. A plugin that is not running is asked for all that it may hook: what it
 * guards is not to pass unseen because it is down. A registration that the manifest does not permit does not count.
 */
export function planObjectHooks(point: ObjectHookPoint, plugins: readonly HookingPlugin[]): PlannedHook[] {
  const name = objectHookName(point);
  return plugins
    .flatMap((plugin): PlannedHook[] => {
      const priority = isPermitted(name, plugin.permitted) ? priorityAt(point, plugin.registered) : undefined;
      if (priority === undefined) return [];
      return [{ pluginId: plugin.id, pluginName: plugin.name, priority, policy: effectivePolicy(name, plugin.policies).policy, running: plugin.registered !== null }];
    })
    .sort((one, other) => one.priority - other.priority || one.pluginId - other.pluginId);
}

/** Whether the manifest lets the plugin have this hook, `app.before_create`. */
export function isPermitted(name: string, permitted: readonly string[] | null): boolean {
  return permitted === null || permitted.includes(name);
}

function priorityAt(point: ObjectHookPoint, registered: readonly ObjectHookRegistration[] | null): number | undefined {
  if (registered === null) return 0;
  const fitting = registered.filter(({ objectType, hookTypes }) => objectType === point.objectType && hookTypes.includes(hookTypeOf(point)));
  return fitting.length === 0 ? undefined : Math.min(...fitting.map(({ priority }) => priority));
}
