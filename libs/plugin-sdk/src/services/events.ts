import { status } from '@grpc/grpc-js';
import type { EventMessage } from '@sluice/contracts/plugin-events';
import type { ServiceCallOptions } from './service-client';
import type { Logger } from './logger';

/** Where an event goes: this host only, from a gateway to the studio, or from the studio to its gateways. */
export type EventDirection = 'local' | 'up' | 'down';

export interface PluginEvent {
  id: string;
  topic: string;
  /** Who published it. */
  origin: string;
  direction: EventDirection;
  payload: Buffer;
  /** How many events this subscription lost just before this one, because its handler was too slow; 0 as a rule. */
  dropped: number;
}

export interface PublishOptions {
  /** Default: `local`. */
  direction?: EventDirection;
}

export type EventHandler = (event: PluginEvent) => void | Promise<void>;

export interface EventBus {
  /**
   * Returns the id of the event. Needs a topic that the manifest allows under `permissions.events.publish`, and a payload of 1 MB at
   * most. Plugins of this host hear it whatever its direction. Nobody waits for an event that goes up or down: it may be lost on the way.
   */
  publish(topic: string, payload: Uint8Array | string, options?: PublishOptions): Promise<string>;
  /**
   * From the first session on, and again after the host was away. A `*` at the end takes every topic that begins so. One handler a
   * topic: a second one replaces the first.
   */
  subscribe(topic: string, handler: EventHandler): void;
  unsubscribe(topic: string): void;
}

/** The calls of `plugin_events.PluginEventService` that the bus is made of. */
export interface EventCalls {
  publish(request: { topic: string; payload: Buffer; direction: number; pluginId: string }): Promise<{ success: boolean; errorMessage: string; eventId: string }>;
  subscribe(request: { topic: string; subscribeAll: boolean; pluginId: string }, options: ServiceCallOptions): AsyncIterable<EventMessage>;
}

const DIRECTIONS = ['local', 'up', 'down'] as const satisfies readonly EventDirection[];
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

export class HostEventBus implements EventBus {
  private readonly subscriptions = new Map<string, AbortController>();
  private readonly untilStart = new Map<string, EventHandler>();
  private started = false;

  constructor(
    private readonly calls: () => EventCalls,
    private readonly pluginId: () => number,
    private readonly logger: Logger,
  ) {}

  async publish(topic: string, payload: Uint8Array | string, { direction = 'local' }: PublishOptions = {}): Promise<string> {
    const answer = await this.calls().publish({
      topic,
      payload: Buffer.from(payload),
      direction: DIRECTIONS.indexOf(direction),
      pluginId: String(this.pluginId()),
    });
    if (!answer.success) throw new Error(answer.errorMessage || `The host refused the event "${topic}".`);
    return answer.eventId;
  }

  subscribe(topic: string, handler: EventHandler): void {
    this.unsubscribe(topic);
    if (this.started) this.follow(topic, handler);
    else this.untilStart.set(topic, handler);
  }

  unsubscribe(topic: string): void {
    this.untilStart.delete(topic);
    this.subscriptions.get(topic)?.abort();
    this.subscriptions.delete(topic);
  }

  /** The first session is ready: what was subscribed before it is opened now. */
  start(): void {
    if (this.started) return;
    this.started = true;
    for (const [topic, handler] of this.untilStart) this.follow(topic, handler);
    this.untilStart.clear();
  }

  close(): void {
    for (const topic of [...this.subscriptions.keys()]) this.unsubscribe(topic);
  }

  private follow(topic: string, handler: EventHandler): void {
    const subscription = new AbortController();
    this.subscriptions.set(topic, subscription);
    void this.followUntil(subscription.signal, topic, handler);
  }

  private async followUntil(signal: AbortSignal, topic: string, handler: EventHandler): Promise<void> {
    const request = { topic, subscribeAll: topic === '*', pluginId: String(this.pluginId()) };
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        for await (const event of this.calls().subscribe(request, { signal })) {
          retryMs = FIRST_RETRY_MS;
          await this.deliver(handler, event);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (isRefused(error)) {
          this.logger.error('The host refuses the event subscription.', { topic, error });
          return;
        }
        this.logger.warn('The event subscription ended and will be opened again.', { topic, error });
      }
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  private async deliver(handler: EventHandler, { id, topic, origin, direction, payload, dropped }: EventMessage): Promise<void> {
    try {
      await handler({ id, topic, origin, direction: DIRECTIONS[direction] ?? 'local', payload, dropped: Number(dropped) });
    } catch (error) {
      this.logger.error('An event handler failed.', { topic, error });
    }
  }
}

/** What will not get better by asking again. */
function isRefused(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === status.PERMISSION_DENIED || code === status.UNIMPLEMENTED;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}
