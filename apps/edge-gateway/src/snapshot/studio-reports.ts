import type { SnapshotRefusal } from '@sluice/config-snapshot';
import type { Acknowledgement, AppliedSnapshot, CrashCard as CrashReportCard, Heartbeat } from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import type { CrashCard } from '@sluice/plugin-runtime';
import type { CurrentState } from './current-state';
import type { GatewayState, SnapshotSource } from './gateway-state';
import type { PluginFleet } from './plugin-fleet';
import type { SnapshotReporter } from './snapshot-reporter';
import type { SnapshotMetrics } from './snapshot-metrics';
import { toCrashReportCard } from './to-crash-report-card';
import { toPluginState } from './to-plugin-state';

/** The part of EdgeClient that reports go through; a gateway without a studio address has none. */
export interface StudioLine {
  acknowledge(acknowledgement: Acknowledgement): void;
  heartbeatNow(): void;
  reportCrash(card: CrashReportCard): void;
}

const HEARTBEAT_DELAY_MS = 100;

/** Writes what the studio is told: acknowledgements, refusals, heartbeats. */
export class StudioReports implements SnapshotReporter {
  private line: StudioLine | undefined;
  private heartbeatDue = false;

  constructor(
    private readonly current: Pick<CurrentState, 'get'>,
    private readonly fleet: Pick<PluginFleet, 'statuses'>,
    private readonly metrics: Pick<SnapshotMetrics, 'refused'>,
    private readonly clock: Clock,
  ) {}

  connect(line: StudioLine): void {
    this.line = line;
  }

  applied(state: GatewayState): void {
    this.acknowledge({ $case: 'applied', value: toApplied(state) });
  }

  refused(refusal: SnapshotRefusal, source: SnapshotSource): void {
    this.metrics.refused(refusal.code);
    const { epoch, revision, code, path, message } = refusal;
    if (source !== 'disk') this.acknowledge({ $case: 'refused', value: { epoch, revision: BigInt(revision), code, path, message } });
  }

  heartbeat(): Heartbeat {
    const state = this.current.get();
    return { sentAtMs: BigInt(this.clock.now()), applied: state && toApplied(state), plugins: this.fleet.statuses().map(toPluginState) };
  }

  /** Has a heartbeat sent soon; several changes within a moment share one. */
  pluginChanged(): void {
    if (this.heartbeatDue) return;
    this.heartbeatDue = true;
    this.clock.after(HEARTBEAT_DELAY_MS, () => {
      this.heartbeatDue = false;
      this.line?.heartbeatNow();
    });
  }

  pluginCrashed(card: CrashCard): void {
    this.line?.reportCrash(toCrashReportCard(card));
  }

  private acknowledge(outcome: Acknowledgement['outcome']): void {
    this.line?.acknowledge({ sentAtMs: BigInt(this.clock.now()), outcome, plugins: this.fleet.statuses().map(toPluginState) });
  }
}

function toApplied(state: GatewayState): AppliedSnapshot {
  const { epoch, revision, root } = state.header;
  return { epoch, revision: BigInt(revision), root, appliedAtMs: BigInt(state.appliedAtMs), source: state.source };
}
