import type { SnapshotRefusal } from '@sluice/config-snapshot';
import type { GatewayState, SnapshotSource } from './gateway-state';

/** Who wants to know what became of a snapshot. */
export interface SnapshotReporter {
  applied(state: GatewayState): void;
  refused(refusal: SnapshotRefusal, source: SnapshotSource): void;
}
