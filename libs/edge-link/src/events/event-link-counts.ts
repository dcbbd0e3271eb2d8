import { metrics } from '@opentelemetry/api';

/** Why an event that came from Redis was not delivered. */
export type EventRefusal = 'too_large' | 'no_key' | 'malformed' | 'signature' | 'misdirected' | 'stale' | 'duplicate';

/** What is told about events between the planes. */
export interface EventLinkCounts {
  sent(): void;
  received(): void;
  refused(reason: EventRefusal): void;
  /** Lost before they could be sent. */
  unsent(count: number): void;
}

/** The counts as metrics. */
export function eventLinkMetrics(): EventLinkCounts {
  const meter = metrics.getMeter('edge-link');
  const sent = meter.createCounter('sluice_events_sent_total', { description: 'Events that were sent to the other plane.' });
  const received = meter.createCounter('sluice_events_received_total', { description: 'Events from the other plane that were delivered here.' });
  const refused = meter.createCounter('sluice_events_refused_total', { description: 'Messages in the event channels that were not delivered, by reason.' });
  const unsent = meter.createCounter('sluice_events_unsent_total', { description: 'Events that were lost because Redis was away for too long.' });
  return {
    sent: () => sent.add(1),
    received: () => received.add(1),
    refused: (reason) => refused.add(1, { reason }),
    unsent: (count) => unsent.add(count),
  };
}
