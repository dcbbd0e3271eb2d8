import type { Telemetry } from '@sluice/platform-telemetry';
import type { Readiness, ReadinessReport } from './readiness';

/** What a gateway says of itself, whichever of its processes is asked. */
export interface GatewayHealth {
  /** Rejects when a process without which the gateway does not work does not answer. */
  alive(): Promise<void>;
  /** @param minRevision below it, this gateway is not what the caller waits for */
  readiness(minRevision: number, verbose: boolean): Promise<ReadinessReport>;
  /** In Prometheus' text format. */
  metrics(): Promise<string>;
}

/** Of a gateway that is one process: that it answers at all says that its event loop turns. */
export class OwnHealth implements GatewayHealth {
  constructor(
    private readonly ownReadiness: Readiness,
    private readonly telemetry: Telemetry,
  ) {}

  alive(): Promise<void> {
    return Promise.resolve();
  }

  readiness(minRevision: number, verbose: boolean): Promise<ReadinessReport> {
    return Promise.resolve(verbose ? this.ownReadiness.verbose(minRevision) : this.ownReadiness.report(minRevision));
  }

  metrics(): Promise<string> {
    return this.telemetry.metricsText();
  }
}
