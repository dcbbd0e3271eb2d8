import { parseManifest } from '@sluice/plugin-manifest';
import type { PluginLimits } from '../limits/plugin-limits';

/** What the manifest of a plugin that somebody else runs asks for and does not get; a sentence each, for its status. */
export function unmetWishes(manifestJson: string, limits: PluginLimits | undefined, hasServiceApi: boolean): string[] {
  const notEnforced: string[] = [];
  if (!hasServiceApi) {
    const wishes = serviceWishes(manifestJson);
    if (wishes.length > 0) notEnforced.push(`The plugin asks for ${wishes.join(', ')} of this host, which offers it no way back: set PLUGIN_REVERSE_ADDRESS to let remote plugins use the Service API and events.`);
  }
  if (limits && Object.values(limits).some((limit) => limit !== undefined)) notEnforced.push('The limits of the manifest are not enforced: the plugin runs elsewhere, and whoever runs it has to see to them.');
  return notEnforced;
}

function serviceWishes(manifestJson: string): string[] {
  const parsed = manifestJson === '' ? undefined : parseManifest(manifestJson);
  if (!parsed?.ok) return [];
  const { services, events } = parsed.manifest.permissions;
  return [...services, ...(events.publish.length + events.subscribe.length > 0 ? ['events'] : [])];
}
