/** Where an event goes: this host only, from a gateway to the studio, or from the studio to gateways. */
export type EventDirection = 'local' | 'up' | 'down';

/** In the order of their numbers on the wire. */
export const EVENT_DIRECTIONS = ['local', 'up', 'down'] as const satisfies readonly EventDirection[];
