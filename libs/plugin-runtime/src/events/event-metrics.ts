import { metrics } from '@opentelemetry/api';

/** Counts what slow subscribers lost. */
export function countDropped(plugin: { pluginId: number; pluginName: string }, count: number): void {
  metrics
    .getMeter('plugin-runtime')
    .createCounter('sluice_plugin_events_dropped_total', { description: 'Events that a plugin lost because it read them too slowly.' })
    .add(count, { plugin_id: plugin.pluginId, plugin: plugin.pluginName });
}
