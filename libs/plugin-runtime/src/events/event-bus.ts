/** One event as subscribers see it. */
export interface PlatformEvent {
  id: string;
  topic: string;
  /** `plugin:7` for an event of plugin 7. */
  origin: string;
  /** 0 local, 1 from gateway to studio, 2 from studio to gateways. */
  direction: number;
  payload: Buffer;
}

export type EventListener = (event: PlatformEvent) => void;

/** Hands every event to every listener of this host. A listener decides what it wants and must not block. */
export class EventBus {
  private readonly listeners = new Set<EventListener>();

  publish(event: PlatformEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** The result ends the subscription. */
  subscribe(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
