/** The capabilities that a plugin can declare, in the order of a request and then of the studio. */
export const HOOKS = [
  'pre_auth',
  'auth',
  'post_auth',
  'on_response',
  'data_collection',
  'custom_endpoint',
  'object_hooks',
  'agent',
  'studio_ui',
  'portal_ui',
  'config_provider',
  'manifest_provider',
  'resource_provider',
] as const;

export type Hook = (typeof HOOKS)[number];

/** The two hosts of a plugin process. */
export type HookRuntime = 'studio' | 'gateway';

/** Where each hook is served. A host runs a plugin when one of the plugin's hooks names it. */
export const HOOK_RUNTIMES: Readonly<Record<Hook, readonly HookRuntime[]>> = {
  pre_auth: ['studio', 'gateway'],
  auth: ['studio', 'gateway'],
  post_auth: ['studio', 'gateway'],
  on_response: ['studio', 'gateway'],
  data_collection: ['studio', 'gateway'],
  custom_endpoint: ['gateway'],
  object_hooks: ['studio'],
  agent: ['studio'],
  studio_ui: ['studio'],
  portal_ui: ['studio'],
  config_provider: ['studio', 'gateway'],
  manifest_provider: ['gateway'],
  resource_provider: ['studio'],
};

/** Older manifests call `on_response` simply `response`. */
const HOOK_ALIASES: Readonly<Record<string, Hook>> = { response: 'on_response' };

/** Reads a hook name, also an older one; undefined when there is no such hook. */
export function readHook(name: string): Hook | undefined {
  if (Object.hasOwn(HOOK_ALIASES, name)) return HOOK_ALIASES[name];
  return HOOKS.find((hook) => hook === name);
}
