import type { PluginStateName } from '@sluice/plugin-runtime';
import type { CurrentState } from '../snapshot/current-state';
import type { Freshness } from '../snapshot/freshness';
import type { PluginFleet } from '../snapshot/plugin-fleet';

export interface ReadinessReport {
  status: 'ready' | 'not ready';
  revision: number | null;
  root: string | null;
  source: string | null;
}

export interface VerboseReadinessReport extends ReadinessReport {
  epoch: string | null;
  namespace: string | null;
  config_age_seconds: number | null;
  checks: { name: string; ok: boolean; message: string }[];
  plugins: { id: number; name: string; slug: string | null; state: PluginStateName | 'unknown'; generation: number; restarts: number; reason: string }[];
}

/** Whether this gateway should get traffic: it has a configuration, and its endpoint plugins have had their first start. */
export class Readiness {
  private settled = false;
  private stopping = false;

  constructor(
    private readonly current: Pick<CurrentState, 'get'>,
    private readonly fleet: PluginFleet,
    private readonly freshness: Freshness,
  ) {}

  /** Traffic should go elsewhere from now on. */
  stop(): void {
    this.stopping = true;
  }

  /** @param minRevision below it, this gateway is not what the caller waits for */
  report(minRevision = 0): ReadinessReport {
    const state = this.current.get();
    const ready = this.checks(minRevision).every((check) => check.ok);
    return { status: ready ? 'ready' : 'not ready', revision: state?.revision ?? null, root: state?.header.root ?? null, source: state?.source ?? null };
  }

  verbose(minRevision = 0): VerboseReadinessReport {
    const state = this.current.get();
    const statuses = new Map(this.fleet.statuses().map((status) => [status.pluginId, status]));
    const plugins = (state?.plugins ?? []).map(({ id, name, slug }) => {
      const status = statuses.get(id);
      return { id, name, slug, state: status?.state ?? ('unknown' as const), generation: status?.generation ?? 0, restarts: status?.restarts ?? 0, reason: status?.reason ?? '' };
    });
    return {
      ...this.report(minRevision),
      epoch: state?.header.epoch ?? null,
      namespace: state?.header.namespace ?? null,
      config_age_seconds: this.freshness.ageSeconds() ?? null,
      checks: this.checks(minRevision),
      plugins,
    };
  }

  private checks(minRevision: number): VerboseReadinessReport['checks'] {
    const state = this.current.get();
    // Once is enough: a plugin that a later revision brings does not take the gateway out of service.
    this.settled ||= state !== undefined && this.fleet.settled(state);
    return [
      { name: 'snapshot', ok: state !== undefined, message: state ? `Revision ${state.revision} from ${state.source}.` : 'No snapshot has been applied yet.' },
      ...(minRevision > 0 ? [{ name: 'revision', ok: (state?.revision ?? 0) >= minRevision, message: `Revision ${minRevision} or a later one is asked for.` }] : []),
      { name: 'plugins', ok: this.settled, message: this.settled ? 'Every endpoint plugin has had its first start.' : 'Endpoint plugins are in their first start.' },
      { name: 'running', ok: !this.stopping, message: this.stopping ? 'The gateway is shutting down.' : 'The gateway is running.' },
    ];
  }
}
