import type { GatewayStateName } from './gateway-state';
import type { GatewayEntity } from './gateway.entity';

export interface GatewayWithState {
  gateway: GatewayEntity;
  state: GatewayStateName;
  /** What the gateway's namespace stands at. */
  currentRevision: number;
}
