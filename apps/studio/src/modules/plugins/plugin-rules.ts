import type { JsonObject } from '@sluice/config-snapshot';
import type { Fault } from '@sluice/kernel';
import { HOOK_RUNTIMES, HOOKS, readHook, validateConfig, type Hook, type HookRuntime } from '@sluice/plugin-manifest';
import { holdsNul } from './json-at';
import type { PluginPackage } from './plugin-package';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What somebody wants a plugin to be. */
export interface PluginWish {
  /** undefined: those of the manifest. */
  hookTypes: readonly string[] | undefined;
  /** With its secrets in clear. */
  config: JsonObject;
}

export type CheckedPlugin = { ok: true; hookTypes: Hook[]; slug: string | null } | { ok: false; faults: Fault[] };

/** Whether a plugin may be like this, given what its process says. Every fault at once. */
export function checkPlugin(wish: PluginWish, facts: PluginPackage): CheckedPlugin {
  const faults: Fault[] = [];
  const hookTypes = chooseHooks(wish.hookTypes, facts, faults);
  if (holdsNul(wish.config)) faults.push({ pointer: '/config', message: 'NUL characters cannot be stored.' });
  const servesEndpoints = hookTypes.includes('custom_endpoint');
  if (servesEndpoints) faults.push(...checkSlug(wish.config));
  faults.push(...checkConfig(wish.config, facts.configSchema).filter((fault) => !faults.some((known) => known.pointer === fault.pointer)));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, hookTypes, slug: servesEndpoints ? String(wish.config['slug']) : null };
}

/** Whether one of the hooks is served there, so that the plugin has to run there. */
export function runsOn(runtime: HookRuntime, hookTypes: readonly Hook[]): boolean {
  return hookTypes.some((hook) => HOOK_RUNTIMES[hook].includes(runtime));
}

/** A registration may narrow the manifest's hooks, never widen them. */
function chooseHooks(wanted: readonly string[] | undefined, facts: PluginPackage, faults: Fault[]): Hook[] {
  const declared = facts.manifest?.capabilities.hooks ?? null;
  if (wanted === undefined || wanted.length === 0) {
    if (declared === null) faults.push({ pointer: '/hook_types', message: 'The plugin has no manifest, so name its hooks here.' });
    return declared === null ? [] : [...declared];
  }
  const hooks: Hook[] = [];
  wanted.forEach((name, index) => {
    const hook = readHook(name);
    const pointer = `/hook_types/${index}`;
    if (hook === undefined) faults.push({ pointer, message: `There is no hook "${name}". The hooks are ${HOOKS.join(', ')}.` });
    else if (declared !== null && !declared.includes(hook)) faults.push({ pointer, message: `The plugin's manifest does not declare "${hook}". It declares ${declared.join(', ')}.` });
    else if (!hooks.includes(hook)) hooks.push(hook);
  });
  return hooks;
}

function checkSlug(config: JsonObject): Fault[] {
  const slug = config['slug'];
  if (slug === undefined || slug === '') {
    return [{ pointer: '/config/slug', message: 'A plugin with custom endpoints needs a "slug" in its config: it is the first part of its address, /plugins/{slug}/…' }];
  }
  if (typeof slug === 'string' && SLUG.test(slug)) return [];
  return [{ pointer: '/config/slug', message: 'A slug consists of lower-case letters, digits and hyphens, begins with a letter or digit and has at most 63 characters.' }];
}

function checkConfig(config: JsonObject, schema: JsonObject | null): Fault[] {
  if (schema === null) return [];
  // The slug is the platform's, so a schema that says nothing of it has no say in it.
  const { slug: _, ...others } = config;
  return validateConfig(schema, mentionsSlug(schema) ? config : others).map((fault) => ({ pointer: `/config${fault.pointer}`, message: fault.message }));
}

function mentionsSlug(schema: JsonObject): boolean {
  const properties = schema['properties'];
  if (typeof properties === 'object' && properties !== null && Object.hasOwn(properties, 'slug')) return true;
  const required = schema['required'];
  return Array.isArray(required) && required.includes('slug');
}
