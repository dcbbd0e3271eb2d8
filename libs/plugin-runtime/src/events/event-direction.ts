import type { PluginRuntimeName } from '../host/plugin-host';

/** Where an event goes: this host only, from a gateway to the studio, or from the studio to gateways. */
export type EventDirection = 'local' | 'up' | 'down';

/** In the order of their numbers on the wire. */
export const EVENT_DIRECTIONS = ['local', 'up', 'down'] as const satisfies readonly EventDirection[];

/** Whether an event that is published on this host goes to the other plane. There is nothing above the studio and nothing below a gateway. */
export function leavesHost(runtime: PluginRuntimeName, direction: number): boolean {
  return EVENT_DIRECTIONS[direction] === (runtime === 'gateway' ? 'up' : 'down');
}
