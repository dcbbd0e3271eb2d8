import { namespaceSegment } from '../snapshots/snapshot-keys';
import { DOWN, UP } from './linked-event';

/** Every gateway's events, whatever its namespace; for PSUBSCRIBE. */
export const ALL_UP = 'sluice:events:{*}:up';

/**
 * Where events of one namespace and direction travel. What goes down in the namespace `''` is for all gateways, and each of them listens
 * there besides its own.
 */
export function eventChannel(namespace: string, direction: typeof UP | typeof DOWN): string {
  return `sluice:events:{${namespaceSegment(namespace)}}:${direction === UP ? 'up' : 'down'}`;
}

/** What a gateway of this namespace listens to. */
export function downChannels(namespace: string): string[] {
  return [...new Set([eventChannel(namespace, DOWN), eventChannel('', DOWN)])];
}
