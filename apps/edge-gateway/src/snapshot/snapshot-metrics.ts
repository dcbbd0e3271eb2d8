import { metrics, type Counter } from '@opentelemetry/api';
import type { CurrentState } from './current-state';
import type { Freshness } from './freshness';
import type { PluginFleet } from './plugin-fleet';

/** What `/metrics` says about configuration and plugin processes. */
export class SnapshotMetrics {
  private readonly refusals: Counter;

  constructor(current: CurrentState, freshness: Freshness, fleet: PluginFleet) {
    const meter = metrics.getMeter('edge-gateway');
    this.refusals = meter.createCounter('sluice_snapshot_refusals_total', { description: 'Snapshots that were refused, by reason.' });
    meter
      .createObservableGauge('sluice_snapshot_revision', { description: 'The revision in force.' })
      .addCallback((result) => {
        const state = current.get();
        if (state) result.observe(state.revision);
      });
    meter
      .createObservableGauge('sluice_config_age_seconds', { description: 'How long ago it was last certain that no newer configuration exists.' })
      .addCallback((result) => {
        const age = freshness.ageSeconds();
        if (age !== undefined) result.observe(age);
      });
    meter
      .createObservableGauge('sluice_plugin_state', { description: '1 for the state that each plugin is in.' })
      .addCallback((result) => {
        const names = new Map(current.get()?.plugins.map((plugin) => [plugin.id, plugin.name]));
        for (const { pluginId, state } of fleet.statuses()) result.observe(1, { plugin_id: pluginId, plugin: names.get(pluginId) ?? '', state });
      });
    meter
      .createObservableGauge('sluice_plugin_restarts', { description: 'How often each plugin was started again after a crash.' })
      .addCallback((result) => {
        for (const { pluginId, restarts } of fleet.statuses()) result.observe(restarts, { plugin_id: pluginId });
      });
  }

  refused(code: string): void {
    this.refusals.add(1, { code });
  }
}
