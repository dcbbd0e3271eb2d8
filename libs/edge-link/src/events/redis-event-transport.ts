import type { LinkLogger } from '../link-logger';
import type { EventKey } from './event-key';
import { ALL_UP, downChannels } from './event-channels';
import { type EventLinkCounts, eventLinkMetrics } from './event-link-counts';
import { EventSender } from './event-sender';
import { EventSubscriber } from './event-subscriber';
import { IncomingEvents } from './incoming-events';
import type { LinkedEvent } from './linked-event';

/** Which end of the line this is. */
export type EventEnd = { plane: 'studio' } | { plane: 'gateway'; namespace: string };

export interface RedisEventTransportOptions {
  redisUrl: string;
  /** The same on studio and gateways. */
  key: EventKey;
  end: EventEnd;
  /** Names this process in what it sends. */
  name: string;
  logger: LinkLogger;
  /** The time that both planes agree on. Default: this machine's clock. */
  now?: () => number;
  /** Default: metrics. */
  counts?: EventLinkCounts;
}

/**
 * Events between studio and gateways over Redis, which may be away at the start and at any time later. Each is delivered at most once to
 * every process that listens when it is sent. Redis is not trusted: what was not signed with the key, is not where it belongs, is older
 * than a minute or was there before is refused and counted.
 */
export class RedisEventTransport {
  private readonly sender: EventSender;
  private readonly subscriber: EventSubscriber;
  private readonly incoming: IncomingEvents;

  constructor(private readonly options: RedisEventTransportOptions) {
    const { redisUrl, key, end, name, logger, now = Date.now, counts = eventLinkMetrics() } = options;
    this.incoming = new IncomingEvents(key, counts, logger, now);
    this.sender = new EventSender({ redisUrl, key, name, now, counts, logger });
    const channels = end.plane === 'studio' ? [ALL_UP] : downChannels(end.namespace);
    this.subscriber = new EventSubscriber({ redisUrl, channels, logger, onMessage: (channel, message) => this.incoming.arrived(channel, message) });
  }

  /** True while events of the other plane arrive. */
  get listening(): boolean {
    return this.subscriber.listening;
  }

  start(): void {
    this.subscriber.start();
    this.sender.start();
  }

  /** Returns at once and never throws. While Redis is away the newest are kept, and the older ones lost. */
  send(event: LinkedEvent): void {
    for (const namespace of this.namespacesOf(event)) this.sender.send(event, namespace);
  }

  onReceive(handler: (event: LinkedEvent) => void): void {
    this.incoming.deliverTo(handler);
  }

  async close(): Promise<void> {
    this.subscriber.close();
    await this.sender.close();
  }

  /** A gateway speaks for its own namespace. All gateways listen to `''`, so that with it no other is needed. */
  private namespacesOf({ namespaces = [''] }: LinkedEvent): readonly string[] {
    const { end } = this.options;
    if (end.plane === 'gateway') return [end.namespace];
    return namespaces.includes('') ? [''] : [...new Set(namespaces)];
  }
}
