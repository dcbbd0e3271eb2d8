import { EVENT_DIRECTIONS } from './event-direction';

/** 1 MB. */
export const MAX_EVENT_BYTES = 1_048_576;

/** What is wrong with an event that a plugin wants to publish, in a sentence for its author. */
export function eventFault({ topic, payload, direction }: { topic: string; payload: Uint8Array; direction: number }): string | undefined {
  if (payload.length > MAX_EVENT_BYTES) {
    return `The payload of the event "${topic}" has ${payload.length} bytes, and at most ${MAX_EVENT_BYTES} (1 MB) are allowed. Publish where the data lies instead, for example a key of the plugin's KV store.`;
  }
  if (EVENT_DIRECTIONS[direction] === undefined) return `The event "${topic}" has the direction ${direction}; there are 0 (local), 1 (up) and 2 (down).`;
  return undefined;
}
