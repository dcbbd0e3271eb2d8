import type { PlatformEvent } from './platform-event';

/** The line to the hosts of the other plane. */
export interface EventTransport {
  /** Takes an event that was published here and goes up or down. Returns at once and never throws; what cannot be sent is kept for a while and then lost. */
  send(event: PlatformEvent): void;
  /** Who takes the events that come from the other plane. One handler; it must not block. */
  onReceive(handler: (event: PlatformEvent) => void): void;
}
