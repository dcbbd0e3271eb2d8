import { snapshotErrors, type PluginData } from '@sluice/config-snapshot';

/** @throws snapshotErrors.duplicateSlug */
export function bySlug(plugins: readonly PluginData[]): Map<string, PluginData> {
  const result = new Map<string, PluginData>();
  for (const plugin of plugins) {
    if (plugin.slug === null) continue;
    const other = result.get(plugin.slug);
    if (other) {
      const detail = `Plugins ${other.id} and ${plugin.id} both have the slug ${JSON.stringify(plugin.slug)}.`;
      throw new snapshotErrors.duplicateSlug({ path: `/records/plugin/${plugin.id}/data/slug` }, { detail });
    }
    result.set(plugin.slug, plugin);
  }
  return result;
}

/** What is thrown for a reference that leads nowhere. */
export function dangling(what: string, appId: number, path: string): Error {
  return new snapshotErrors.danglingReference({ path }, { detail: `${what} belongs to app ${appId}, which is not in the snapshot.` });
}
