import type { PluginRuntimeName } from '../host/plugin-host';
import { leavesHost } from './event-direction';
import type { EventTransport } from './event-transport';

/** One event as subscribers see it. */
export interface PlatformEvent {
  id: string;
  topic: string;
  /** `plugin:7` for an event of plugin 7, `platform` for one of the platform. */
  origin: string;
  /** 0 local, 1 from gateway to studio, 2 from studio to gateways. */
  direction: number;
  payload: Buffer;
  /** To which gateways it goes down; `''` are all of them. Default: all. */
  namespaces?: readonly string[];
}

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
