/**
 * How long to wait after the n-th failure in a row (counted from 0): doubles from `firstMs` up to `mostMs`, ±20 %, so that
 * gateways do not all come at once.
 */
export function backoffMs(failures: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }, random: () => number = Math.random): number {
  const base = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30));
  return Math.round(base * (0.8 + 0.4 * random()));
}
