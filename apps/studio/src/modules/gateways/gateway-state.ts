/** `fresh`: serves the newest revision. `lagging`: about to. `stale`: should have long ago. `unreachable`: its lease has run out. */
export type GatewayStateName = 'fresh' | 'lagging' | 'stale' | 'unreachable';

export const HEARTBEAT_INTERVAL_MS = 5_000;
export const LEASE_MS = 15_000;
/** How long a gateway may take for a new revision before it counts as stale. */
export const LAG_TOLERANCE_MS = 30_000;

export interface GatewayStanding {
  nowMs: number;
  /** null: enrolled, and silent since. */
  lastHeartbeatMs: number | null;
  applied: { epoch: string; revision: number } | null;
  /** What its namespace stands at, and since when. */
  current: { epoch: string; revision: number; sinceMs: number };
}

/** Computed from lease and revision, never from what the gateway said last about itself. */
export function gatewayState({ nowMs, lastHeartbeatMs, applied, current }: GatewayStanding): GatewayStateName {
  if (lastHeartbeatMs === null || nowMs - lastHeartbeatMs > LEASE_MS) return 'unreachable';
  if (applied?.epoch === current.epoch && applied.revision >= current.revision) return 'fresh';
  return nowMs - current.sinceMs <= LAG_TOLERANCE_MS ? 'lagging' : 'stale';
}
