import type { JsonObject } from '@sluice/config-snapshot';
import type { Fault } from '@sluice/kernel';
import { checkConfigSchema, parseManifest, type PluginManifest } from '@sluice/plugin-manifest';
import { holdsNul, isObject } from './json-at';

/** What a plugin's process said about itself. */
export interface PluginPackage {
  /** null: the plugin has no manifest. */
  manifest: PluginManifest | null;
  /** null: any config will do. */
  configSchema: JsonObject | null;
  warnings: readonly Fault[];
  /** Of the program that said it; null for one that somebody else runs. */
  digest: string | null;
}

export type ReadPackage = { ok: true; package: PluginPackage } | { ok: false; faults: Fault[] };

/**
 * Reads the two texts of a plugin. Empty text and `{}` are how a compiled plugin says that it has none. The answer of GetConfigSchema
 * wins over the manifest's `config_schema`.
 */
export function readPluginPackage(texts: { manifestJson: string; configSchemaJson: string }, digest: string | null = null): ReadPackage {
  const faults: Fault[] = [];
  const parsed = isEmpty(texts.manifestJson) ? null : parseManifest(texts.manifestJson);
  if (parsed && !parsed.ok) faults.push(...parsed.faults.map((fault) => within('/manifest', fault)));
  const manifest = parsed?.ok ? parsed.manifest : null;
  const answered = isEmpty(texts.configSchemaJson) ? null : readSchema(texts.configSchemaJson, faults);
  if (holdsNul(manifest)) faults.push({ pointer: '/manifest', message: 'The manifest holds a NUL character, which cannot be stored.' });
  if (holdsNul(answered)) faults.push({ pointer: '/config_schema', message: 'The config schema holds a NUL character, which cannot be stored.' });
  if (faults.length > 0) return { ok: false, faults };
  const configSchema = answered ?? (manifest?.config_schema as JsonObject | undefined) ?? null;
  return { ok: true, package: { manifest, configSchema, warnings: parsed?.ok ? parsed.warnings : [], digest } };
}

function readSchema(text: string, faults: Fault[]): JsonObject | null {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    faults.push({ pointer: '/config_schema', message: 'The plugin gave a config schema that is not JSON.' });
    return null;
  }
  const found = checkConfigSchema(schema);
  faults.push(...found.map((fault) => within('/config_schema', fault)));
  return found.length === 0 && isObject(schema) ? schema : null;
}

function isEmpty(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === '' || trimmed === 'null' || /^\{\s*\}$/.test(trimmed);
}

function within(pointer: string, fault: Fault): Fault {
  return { pointer: `${pointer}${fault.pointer}`, message: fault.message };
}
