import type { EventLinkCounts, EventRefusal } from '../events/event-link-counts';

/** Counts that a test can read. */
export function recordedCounts(): EventLinkCounts & { sentEvents: number; receivedEvents: number; unsentEvents: number; refusals: EventRefusal[] } {
  return {
    sentEvents: 0,
    receivedEvents: 0,
    unsentEvents: 0,
    refusals: [],
    sent() {
      this.sentEvents += 1;
    },
    received() {
      this.receivedEvents += 1;
    },
    refused(reason) {
      this.refusals.push(reason);
    },
    unsent(count) {
      this.unsentEvents += count;
    },
  };
}
