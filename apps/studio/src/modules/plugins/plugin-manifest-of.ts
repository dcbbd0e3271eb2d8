import { effectiveScopes, type PluginManifest } from '@sluice/plugin-manifest';
import type { PluginEntity } from './plugin.entity';

/** The stored manifest. It was checked and normalised before it was stored. */
export function manifestOf(plugin: Pick<PluginEntity, 'manifest'>): PluginManifest | null {
  return plugin.manifest as unknown as PluginManifest | null;
}

export interface PluginScopes {
  declared: string[];
  approved: string[];
  /** What the plugin may use: declared and approved. */
  effective: string[];
  /** Declared, and waiting for an administrator. */
  pending: string[];
}

export function scopesOf(plugin: Pick<PluginEntity, 'manifest' | 'approvedScopes'>): PluginScopes {
  const declared = [...new Set(manifestOf(plugin)?.permissions.services ?? [])];
  const effective = effectiveScopes(declared, plugin.approvedScopes);
  return { declared, approved: [...plugin.approvedScopes], effective, pending: declared.filter((scope) => !effective.includes(scope)) };
}
