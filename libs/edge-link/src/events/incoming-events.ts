import type { LinkLogger } from '../link-logger';
import { eventChannel } from './event-channels';
import type { EventLinkCounts, EventRefusal } from './event-link-counts';
import { DOWN, type LinkedEvent, MAX_EVENT_PAYLOAD_BYTES, UP } from './linked-event';
import { RefusalLog } from './refusal-log';
import { ReplayGuard } from './replay-guard';
import { openEvent } from './sealed-event';

/** What is around a payload is far smaller than this. */
const MAX_MESSAGE_BYTES = MAX_EVENT_PAYLOAD_BYTES + 65_536;

/** Decides what of that which lies in the event channels is delivered: anybody who can write to Redis may have put it there. */
export class IncomingEvents {
  private readonly replays = new ReplayGuard();
  private readonly refusals: RefusalLog;
  private handler: (event: LinkedEvent) => void = () => undefined;

  constructor(
    private readonly key: Uint8Array,
    private readonly counts: EventLinkCounts,
    private readonly logger: LinkLogger,
  ) {
    this.refusals = new RefusalLog(logger);
  }

  deliverTo(handler: (event: LinkedEvent) => void): void {
    this.handler = handler;
  }

  arrived(channel: string, bytes: Buffer): void {
    const verdict = this.judge(channel, bytes);
    if (typeof verdict !== 'string') return this.deliver(verdict);
    this.counts.refused(verdict);
    // Two studios tell gateways the same thing, so this is nothing to warn of.
    if (verdict !== 'duplicate') this.refusals.refused(verdict, channel);
  }

  private judge(channel: string, bytes: Buffer): LinkedEvent | EventRefusal {
    if (bytes.length > MAX_MESSAGE_BYTES) return 'too_large';
    const opened = openEvent(bytes, this.key);
    if (!opened.ok) return opened.reason;
    const { event, namespace, sentAt } = opened.letter;
    if ((event.direction !== UP && event.direction !== DOWN) || eventChannel(namespace, event.direction) !== channel) return 'misdirected';
    const admission = this.replays.admit(event.id, sentAt);
    return admission === 'new' ? event : admission;
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
