import { isJsonObject } from '../json';

/**
 * Whether a manifest is written in the typed form: one that names what the plugin is (`type`) instead of the hooks it implements. Who
 * names hooks writes Sluice's own form, whatever else stands there; so a manifest is imported once and never again.
 */
export function isTypedManifest(manifest: Readonly<Record<string, unknown>>): boolean {
  const capabilities = isJsonObject(manifest['capabilities']) ? manifest['capabilities'] : {};
  if (present(capabilities['hooks'])) return false;
  if (present(manifest['type']) || present(capabilities['mcp'])) return true;
  return present(manifest['entry']) && present(manifest['configSchema']);
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}
