import { metrics, type Counter, type ObservableResult } from '@opentelemetry/api';
import type { GenerationStatus, PluginStateName } from '@sluice/plugin-runtime';
import type { CurrentState } from './current-state';
import type { Freshness } from './freshness';
import type { PluginFleet } from './plugin-fleet';

// Each is told every time: a series that is no longer told keeps its last value.
const PLUGIN_STATES = ['starting', 'ready', 'draining', 'stopped', 'crashed', 'backoff', 'crashlooping'] as const satisfies readonly PluginStateName[];
const GENERATION_STATES = ['starting', 'ready', 'draining'] as const satisfies readonly GenerationStatus['state'][];

/** What `/metrics` says about configuration and plugin processes. */
export class SnapshotMetrics {
  private readonly refusals: Counter;
  private readonly storeFailures: Counter;

  /** @param enforced what is in force wherever requests are answered */
  constructor(current: CurrentState, enforced: Pick<CurrentState, 'get'>, freshness: Freshness, fleet: PluginFleet) {
    const meter = metrics.getMeter('edge-gateway');
    this.refusals = meter.createCounter('sluice_snapshot_refusals_total', { description: 'Snapshots that were refused, by reason.' });
    this.storeFailures = meter.createCounter('sluice_snapshot_store_failures_total', { description: 'Attempts to keep a snapshot on disk that failed.' });
    meter
      .createObservableGauge('sluice_snapshot_revision', { description: 'The revision in force.' })
      .addCallback((result) => {
        const state = enforced.get();
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
        for (const { pluginId, state } of fleet.statuses()) {
          for (const one of PLUGIN_STATES) result.observe(one === state ? 1 : 0, { plugin_id: pluginId, plugin: names.get(pluginId) ?? '', state: one });
        }
      });
    meter
      .createObservableGauge('sluice_plugin_generations', { description: 'Processes of each plugin by state; while it is reloaded, more than one.' })
      .addCallback((result) => observeGenerations(result, fleet, () => 1));
    meter
      .createObservableGauge('sluice_plugin_generation_active_calls', { description: 'Calls that have not ended, by the state of the process that answers them.' })
      .addCallback((result) => observeGenerations(result, fleet, ({ activeCalls }) => activeCalls));
    meter
      .createObservableGauge('sluice_plugin_restarts', { description: 'How often each plugin was started again after a crash.' })
      .addCallback((result) => {
        for (const { pluginId, restarts } of fleet.statuses()) result.observe(restarts, { plugin_id: pluginId });
      });
  }

  refused(code: string): void {
    this.refusals.add(1, { code });
  }

  storeFailed(): void {
    this.storeFailures.add(1);
  }
}

function observeGenerations(result: ObservableResult, fleet: PluginFleet, valueOf: (generation: GenerationStatus) => number): void {
  for (const { pluginId, generations } of fleet.statuses()) {
    for (const state of GENERATION_STATES) {
      const total = generations.reduce((sum, generation) => (generation.state === state ? sum + valueOf(generation) : sum), 0);
      result.observe(total, { plugin_id: pluginId, state });
    }
  }
}
