import type { LinkedEvent } from './linked-event';

const MAX_EVENTS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

export interface OutgoingEvent {
  event: LinkedEvent;
  namespace: string;
}

/** What waits for Redis: bounded in number and bytes, the oldest goes first. */
export class OutgoingEvents {
  private waiting: OutgoingEvent[] = [];
  private bytes = 0;

  constructor(private readonly onLost: (count: number) => void) {}

  get size(): number {
    return this.waiting.length;
  }

  push(outgoing: OutgoingEvent): void {
    this.waiting.push(outgoing);
    this.bytes += outgoing.event.payload.length;
    this.shorten();
  }

  /** The oldest, at most so many. */
  take(count: number): OutgoingEvent[] {
    const taken = this.waiting.splice(0, count);
    for (const { event } of taken) this.bytes -= event.payload.length;
    return taken;
  }

  /** What was taken and could not be sent: it is the oldest again. */
  putBack(taken: readonly OutgoingEvent[]): void {
    this.waiting.unshift(...taken);
    for (const { event } of taken) this.bytes += event.payload.length;
    this.shorten();
  }

  private shorten(): void {
    let lost = 0;
    while (this.waiting.length > MAX_EVENTS || this.bytes > MAX_BYTES) lost += this.take(1).length;
    if (lost > 0) this.onLost(lost);
  }
}
