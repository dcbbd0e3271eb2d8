import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventMessage, SubscribeRequest } from '@sluice/contracts/plugin-events';
import type { EventBus } from './event-bus';
import { EventQueue } from './event-queue';
import type { PlatformEvent } from './platform-event';

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
    const dropped = this.queue.push(event);
    if (dropped > 0) this.onDropped(dropped);
    if (!this.blocked) this.flush();
  }

  private flush(): void {
    while (!this.blocked) {
      const event = this.queue.shift();
      if (!event) return;
      // The oldest are lost, so those that are missing came before this one.
      this.blocked = !this.call.write({ ...event, dropped: BigInt(this.queue.takeLost()) });
    }
  }
}
