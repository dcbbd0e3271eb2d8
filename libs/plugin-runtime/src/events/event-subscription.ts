import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventMessage, SubscribeRequest } from '@sluice/contracts/plugin-events';
import type { Logger } from 'pino';
import type { EventBus, PlatformEvent } from './event-bus';
import { EventQueue } from './event-queue';

/** One stream of events to one plugin. It takes what its reader can take and queues a bounded rest. */
export class EventSubscription {
  private readonly queue = new EventQueue();
  private readonly unsubscribe: () => void;
  private blocked = false;

  constructor(
    readonly id: string,
    /** What the plugin asked for; `*` for everything that it may see. */
    readonly topic: string,
    private readonly call: ServerWritableStream<SubscribeRequest, EventMessage>,
    private readonly logger: Logger,
    events: EventBus,
    wants: (event: PlatformEvent) => boolean,
    private readonly onDropped: (count: number) => void,
  ) {
    this.unsubscribe = events.subscribe((event) => {
      if (wants(event)) this.offer(event);
    });
    call.on('drain', () => {
      this.blocked = false;
      this.flush();
    });
  }

  end(): void {
    this.unsubscribe();
    this.call.end();
  }

  private offer(event: PlatformEvent): void {
    this.queue.push(event);
    if (!this.blocked) this.flush();
  }

  private flush(): void {
    while (!this.blocked) {
      const event = this.queue.shift();
      if (!event) return;
      this.blocked = !this.call.write({ ...event, dropped: this.takeLost() });
    }
  }

  /** The oldest are lost, so those that are missing came before the event that is given next. */
  private takeLost(): bigint {
    const lost = this.queue.takeLost();
    if (lost === 0) return 0n;
    this.onDropped(lost);
    this.logger.warn({ event: 'plugin.events_dropped', topic: this.topic, lost }, 'A slow subscriber has lost its oldest events.');
    return BigInt(lost);
  }
}
