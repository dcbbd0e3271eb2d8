import { gatewayErrors } from './gateway-errors';

/** How far what a gateway signed may be dated from now. */
export const SIGNED_TIME_TOLERANCE_MS = 300_000;

/** @throws gatewayErrors.badTime, whose `details` say what time it is here. */
export function checkSignedTime(sentAtMs: number, nowMs: number): void {
  if (!(Math.abs(nowMs - sentAtMs) <= SIGNED_TIME_TOLERANCE_MS)) throw new gatewayErrors.badTime({ sentAtMs, nowMs });
}
