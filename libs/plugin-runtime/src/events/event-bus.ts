import type { PluginRuntimeName } from '../host/plugin-host';
import { EVENT_DIRECTIONS } from './event-direction';
import type { EventTransport } from './event-transport';
import type { PlatformEvent } from './platform-event';

export type EventListener = (event: PlatformEvent) => void;

/**
 * Hands every event to every listener of this host, and those that go up or down to the transport as well. What comes from there is
 * for the listeners here and is not sent on. A listener decides what it wants and must not block.
 */
export class EventBus {
  private readonly listeners = new Set<EventListener>();

  constructor(
    private readonly runtime: PluginRuntimeName,
    private readonly transport?: EventTransport,
  ) {
    transport?.onReceive((event) => this.deliver(event));
  }

  /** Why an event of this direction cannot get where it should go; undefined when it can. */
  obstacle(direction: number): string | undefined {
    if (this.transport || !leavesHost(this.runtime, direction)) return undefined;
    return `This ${this.runtime} has no line to the other plane: it was started without REDIS_URL.`;
  }

  publish(event: PlatformEvent): void {
    this.deliver(event);
    if (leavesHost(this.runtime, event.direction)) this.transport?.send(event);
  }

  /** The result ends the subscription. */
  subscribe(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private deliver(event: PlatformEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

/** Whether an event that is published on this host goes to the other plane. There is nothing above the studio and nothing below a gateway. */
function leavesHost(runtime: PluginRuntimeName, direction: number): boolean {
  return EVENT_DIRECTIONS[direction] === (runtime === 'gateway' ? 'up' : 'down');
}
