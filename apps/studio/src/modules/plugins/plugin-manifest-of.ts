import type { PluginCompatData, PluginLimitsData } from '@sluice/config-snapshot';
import { effectiveScopes, type PluginManifest } from '@sluice/plugin-manifest';
import type { PluginEntity } from './plugin.entity';

/** The stored manifest. It was checked and normalised before it was stored. */
export function manifestOf(plugin: Pick<PluginEntity, 'manifest'>): PluginManifest | null {
  return plugin.manifest as unknown as PluginManifest | null;
}

/** What the manifest asks the machine for; null: nothing. */
export function limitsOf(plugin: Pick<PluginEntity, 'manifest'>): PluginLimitsData | null {
  const runtime = manifestOf(plugin)?.runtime;
  const { memory_mb, pids, nofile, cpu } = runtime?.resources ?? {};
  const asked = Object.entries({ memory_mb, pids, nofile, cpu, network: runtime?.network, start_timeout_ms: runtime?.start_timeout_ms });
  const named = asked.filter(([, value]) => value !== undefined);
  return named.length === 0 ? null : Object.fromEntries(named);
}

/**
 * How the studio runs a plugin whose manifest wants to be started on demand; undefined: always. Object hooks are asked before every write, so
 * that a plugin with one is there before the first.
 */
export function onDemandOf(plugin: Pick<PluginEntity, 'manifest'>): { idleTimeoutMs?: number } | undefined {
  const manifest = manifestOf(plugin);
  if (manifest?.runtime.activation !== 'on_demand' || manifest.capabilities.hooks.includes('object_hooks')) return undefined;
  const { idle_timeout_ms: idleTimeoutMs } = manifest.runtime;
  return idleTimeoutMs === undefined ? {} : { idleTimeoutMs };
}

/** Which hosts the manifest asks for; null: any. */
export function compatOf(plugin: Pick<PluginEntity, 'manifest'>): PluginCompatData | null {
  const { app, api = [], min_gateway_version } = manifestOf(plugin)?.compat ?? {};
  const asked = Object.entries({ app, api: api.length > 0 ? api : undefined, min_gateway_version });
  const named = asked.filter(([, value]) => value !== undefined);
  return named.length === 0 ? null : Object.fromEntries(named);
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
