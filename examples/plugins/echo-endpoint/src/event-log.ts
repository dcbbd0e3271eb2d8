import type { PluginEvent } from '@sluice/plugin-sdk';

const KEPT = 1_000;

export interface SeenEvent {
  topic: string;
  payload: string;
  origin: string;
}

/** The events since the start, the newest last. */
export class EventLog {
  readonly seen: SeenEvent[] = [];

  add({ topic, payload, origin }: PluginEvent): void {
    this.seen.push({ topic, payload: payload.toString('utf8'), origin });
    if (this.seen.length > KEPT) this.seen.shift();
  }
}
