import type { PlatformEvent } from './platform-event';

const MAX_EVENTS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** What waits for one slow subscriber: bounded in number and bytes, the oldest goes first. */
export class EventQueue {
  private events: PlatformEvent[] = [];
  private bytes = 0;
  private lost = 0;

  /** @returns how many were dropped for it. */
  push(event: PlatformEvent): number {
    this.events.push(event);
    this.bytes += event.payload.length;
    let dropped = 0;
    while (this.events.length > MAX_EVENTS || (this.bytes > MAX_BYTES && this.events.length > 1)) {
      this.shift();
      dropped += 1;
    }
    this.lost += dropped;
    return dropped;
  }

  shift(): PlatformEvent | undefined {
    const event = this.events.shift();
    if (event) this.bytes -= event.payload.length;
    return event;
  }

  /** How many were dropped since the last time that somebody asked. */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }
}
