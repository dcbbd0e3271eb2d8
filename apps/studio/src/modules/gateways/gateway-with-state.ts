import type { GatewayStateName } from './gateway-state';
import type { GatewayEntity } from './gateway.entity';

export interface GatewayWithState {
  gateway: GatewayEntity;
  state: GatewayStateName;
  /** What the gateway's namespace stands at. */
  currentRevision: number;
  /** For how long there has been a revision that it has not applied: 0 when it has the newest, null when it has applied none of this epoch. */
  lagSeconds: number | null;
}
