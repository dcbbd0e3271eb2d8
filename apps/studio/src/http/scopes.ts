/** What a caller may be allowed to do over the API. `*` stands for all of them. A route names one of these. */
export const STUDIO_SCOPES = [
  'me.read',
  'me.write',
  'users.read',
  'users.write',
  'organizations.read',
  'organizations.write',
  'groups.read',
  'groups.write',
  'apps.read',
  'apps.write',
  'plugins.read',
  'plugins.write',
  'gateways.read',
  'gateways.write',
  'snapshots.read',
  'snapshots.write',
  'audit.read',
] as const;

export type StudioScope = (typeof STUDIO_SCOPES)[number];

export const ALL_SCOPES = '*';

export function scopesCover(granted: readonly string[], needed: string): boolean {
  return granted.includes(ALL_SCOPES) || granted.includes(needed);
}
