import type { LinkLogger } from '../link-logger';
import { eventChannel } from './event-channels';
import { eventKeyOf, type EventKey } from './event-key';
import type { EventLinkCounts, EventRefusal } from './event-link-counts';
import { DOWN, type LinkedEvent, MAX_EVENT_PAYLOAD_BYTES, UP } from './linked-event';
import { RefusalLog } from './refusal-log';
import { ReplayGuard } from './replay-guard';
import { openEvent } from './sealed-event';

/** What is around a payload is far smaller than this. */
const MAX_MESSAGE_BYTES = MAX_EVENT_PAYLOAD_BYTES + 65_536;

/** Decides what of that which lies in the event channels is delivered: anybody who can write to Redis may have put it there. */
export class IncomingEvents {
  private readonly replays: ReplayGuard;
  private readonly refusals: RefusalLog;
  private handler: (event: LinkedEvent) => void = () => undefined;

  constructor(
    private readonly key: EventKey,
    private readonly counts: EventLinkCounts,
    private readonly logger: LinkLogger,
    now: () => number = Date.now,
  ) {
    this.replays = new ReplayGuard(now);
    this.refusals = new RefusalLog(logger);
  }

  deliverTo(handler: (event: LinkedEvent) => void): void {
    this.handler = handler;
  }

  arrived(channel: string, bytes: Buffer): void {
    if (bytes.length > MAX_MESSAGE_BYTES) return this.refuse('too_large', channel);
    const key = eventKeyOf(this.key);
    if (!key) return this.refuse('no_key', channel);
    const opened = openEvent(bytes, key);
    if (!opened.ok) return this.refuse(opened.reason, channel);
    const { event, namespace, from, sentAt } = opened.letter;
    if ((event.direction !== UP && event.direction !== DOWN) || eventChannel(namespace, event.direction) !== channel) return this.refuse('misdirected', channel, from);
    const admission = this.replays.admit(event.id, sentAt);
    if (admission === 'new') this.deliver(event);
    else this.refuse(admission, channel, from);
  }

  private refuse(reason: EventRefusal, channel: string, from?: string): void {
    this.counts.refused(reason);
    // Two studios tell gateways the same thing, so this is nothing to warn of.
    if (reason !== 'duplicate') this.refusals.refused(reason, channel, from);
  }

  private deliver(event: LinkedEvent): void {
    this.counts.received();
    try {
      this.handler(event);
    } catch (error) {
      this.logger.error({ event: 'events.delivery_failed', topic: event.topic, err: error }, 'an event could not be delivered');
    }
  }
}
