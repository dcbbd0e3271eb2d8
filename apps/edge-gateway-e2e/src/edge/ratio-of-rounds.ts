import { percentile } from '../load/percentile';

/** Each value against what was measured before it and behind it, so that a machine that becomes slower or faster meanwhile says nothing. */
export function besideNeighbours(values: readonly number[], before: readonly number[], after: readonly number[]): number[] {
  return values.map((value, index) => value / Math.sqrt(before[index]! * after[index]!));
}

/** "×1.05, the middle half of 12 from ×0.98 to ×1.20". */
export function describeRatios(ratios: readonly number[]): string {
  const at = (share: number) => `×${percentile(ratios, share).toFixed(2)}`;
  return `${at(0.5)}, the middle half of ${ratios.length} from ${at(0.25)} to ${at(0.75)}`;
}
