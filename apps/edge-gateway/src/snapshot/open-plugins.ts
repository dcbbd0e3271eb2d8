import { openConfig, type OpeningKeys, type PluginData } from '@sluice/config-snapshot';
import { isSluiceError } from '@sluice/kernel';

/** Plugins as their processes get them. */
export interface OpenedPlugins {
  open: PluginData[];
  /** What the others wait for, a sentence each, by id: their secrets need a key that this gateway does not have yet. */
  waiting: Map<number, string>;
}

/**
 * Opens the sealed values of every plugin's config.
 * @throws snapshotErrors.badSeal for a value that does not open with the very key that it names.
 */
export function openPlugins(plugins: readonly PluginData[], keys: OpeningKeys): OpenedPlugins {
  const open: PluginData[] = [];
  const waiting = new Map<number, string>();
  for (const plugin of plugins) {
    try {
      open.push({ ...plugin, config: openConfig(plugin.config, keys, `plugin ${plugin.id}`) });
    } catch (error) {
      if (!isSluiceError(error) || error.code !== 'snapshot.keyMissing') throw error;
      waiting.set(plugin.id, error.message);
    }
  }
  return { open, waiting };
}
