import type { GatewayHealth } from '../http/gateway-health';
import type { ReadinessReport } from '../http/readiness';
import type { PrimaryLine } from './primary-line';

/** What a worker says of the gateway is what its primary says: all workers give the same answer. */
export class PrimaryHealth implements GatewayHealth {
  constructor(private readonly line: PrimaryLine) {}

  alive(): Promise<void> {
    return this.line.alive();
  }

  readiness(minRevision: number, verbose: boolean): Promise<ReadinessReport> {
    return this.line.readiness(minRevision, verbose);
  }

  metrics(): Promise<string> {
    return this.line.metrics();
  }
}
