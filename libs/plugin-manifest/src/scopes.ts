import { GATEWAY_SCOPES } from './gateway-scopes';
import type { ServiceScopeTable } from './scope-table';
import { STUDIO_SCOPES } from './studio-scopes';

/** Events need no scope: the topics of the manifest govern them. */
const EVENT_SCOPES: ServiceScopeTable = {
  service: 'plugin_events.PluginEventService',
  rules: [{ anyOf: [], methods: ['Publish', 'Subscribe', 'Unsubscribe'] }],
};

const TABLES = [GATEWAY_SCOPES, STUDIO_SCOPES, EVENT_SCOPES];

/**
 * What each method of the broker's services asks for, by its full name on the wire:
 * `/ai_studio_management.AIStudioManagementService/ListApps` → any of these scopes is enough; `[]` needs none.
 */
export const SERVICE_SCOPES: ReadonlyMap<string, readonly string[]> = new Map(
  TABLES.flatMap(({ service, rules }) =>
    rules.flatMap(({ anyOf, methods }) => methods.map((method) => [`/${service}/${method}`, anyOf] as const)),
  ),
);

/** The scope that `permissions.api: ["email"]` stands for. It opens no method of today's Service API. */
export const EMAIL_SCOPE = 'email.send';

/** Every scope that a manifest may ask for, sorted. */
export const SCOPES: readonly string[] = [...new Set([...[...SERVICE_SCOPES.values()].flat(), EMAIL_SCOPE])].sort();

/** Whether a plugin with these approved scopes may call a method (full name). A method that nobody knows is refused. */
export function scopesAllow(method: string, approved: readonly string[]): boolean {
  const anyOf = SERVICE_SCOPES.get(method);
  if (anyOf === undefined) return false;
  return anyOf.length === 0 || anyOf.some((scope) => approved.includes(scope));
}

/** What a plugin may do: what its manifest declares and an administrator has approved; in the order of the manifest. */
export function effectiveScopes(declared: readonly string[], approved: readonly string[]): string[] {
  return [...new Set(declared)].filter((scope) => approved.includes(scope));
}
