import { Redis } from 'ioredis';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { EVENT_CONNECTION } from './event-connection';
import { eventChannel } from './event-channels';
import { eventKeyOf, type EventKey } from './event-key';
import type { EventLinkCounts } from './event-link-counts';
import { DOWN, type LinkedEvent, MAX_EVENT_PAYLOAD_BYTES, UP } from './linked-event';
import { type OutgoingEvent, OutgoingEvents } from './outgoing-events';
import { sealEvent } from './sealed-event';

const BATCH = 64;
const RETRY_MS = 1_000;
const FAREWELL_MS = 500;

export interface EventSenderOptions {
  redisUrl: string;
  key: EventKey;
  /** Names this process in what it sends. */
  name: string;
  /** Dates what is sent. */
  now(): number;
  counts: EventLinkCounts;
  logger: LinkLogger;
}

/** Sends events in their order for as long as there is a Redis, and keeps a bounded rest while there is none. Nobody ever waits for it. */
export class EventSender {
  private readonly redis: Redis;
  private readonly outage: OutageLog;
  private readonly outgoing: OutgoingEvents;
  private flushing: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: EventSenderOptions) {
    this.outage = new OutageLog(options.logger, 'redis for sending events');
    this.outgoing = new OutgoingEvents((count) => options.counts.unsent(count));
    this.redis = new Redis(options.redisUrl, EVENT_CONNECTION);
    this.redis.on('error', (error) => this.failed(error));
    this.redis.on('ready', () => this.flush());
  }

  start(): void {
    this.redis.connect().catch((error: unknown) => this.failed(error));
  }

  /** `namespace` says into whose channel it goes. */
  send(event: LinkedEvent, namespace: string): void {
    if (this.closed || event.payload.length > MAX_EVENT_PAYLOAD_BYTES) return this.options.counts.unsent(1);
    this.outgoing.push({ event, namespace });
    if (this.retry === undefined) this.flush();
  }

  /** What waits is sent if that is a matter of moments. */
  async close(): Promise<void> {
    clearTimeout(this.retry);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.flushing, new Promise((resolve) => (timer = setTimeout(resolve, FAREWELL_MS)))]);
    clearTimeout(timer);
    this.closed = true;
    clearTimeout(this.retry);
    this.redis.disconnect();
  }

  private flush(): void {
    this.flushing ??= this.drain().finally(() => {
      this.flushing = undefined;
      // What was pushed between the last look and now.
      if (this.outgoing.size > 0 && this.retry === undefined && !this.closed && this.redis.status === 'ready') this.flush();
    });
  }

  private async drain(): Promise<void> {
    clearTimeout(this.retry);
    this.retry = undefined;
    while (!this.closed && this.redis.status === 'ready' && this.outgoing.size > 0) {
      const key = eventKeyOf(this.options.key);
      const batch = this.outgoing.take(BATCH);
      const failed = key ? await this.publish(batch, key) : batch;
      if (failed.length === 0) continue;
      this.outgoing.putBack(failed);
      this.retry = setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
  }

  /** @returns what was not sent, as far as is known: receivers know an event that comes a second time by its id. */
  private async publish(batch: readonly OutgoingEvent[], key: Uint8Array): Promise<OutgoingEvent[]> {
    const { name, now, counts } = this.options;
    const failed: OutgoingEvent[] = [];
    let broken = false;
    await Promise.all(
      batch.map(async (outgoing) => {
        const { event, namespace } = outgoing;
        try {
          const sealed = sealEvent({ event, namespace, from: name, sentAt: now() }, key);
          await this.redis.publish(eventChannel(namespace, event.direction === UP ? UP : DOWN), sealed);
          counts.sent();
          this.outage.worked();
        } catch (error) {
          failed.push(outgoing);
          this.failed(error);
          // Redis itself says no in a ReplyError; anything else is a connection that is of no use any more.
          broken ||= !(error instanceof Error && error.name === 'ReplyError');
        }
      }),
    );
    if (broken && this.redis.status === 'ready') this.redis.disconnect(true);
    // In the order in which they were taken, whichever failed first.
    return batch.filter((outgoing) => failed.includes(outgoing));
  }

  // Closing makes errors of its own, and they are no outage.
  private failed(error: unknown): void {
    if (!this.closed) this.outage.failed(error);
  }
}
