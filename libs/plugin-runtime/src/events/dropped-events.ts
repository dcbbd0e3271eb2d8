import { type Counter, metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { ServiceCaller } from '../broker/service-api';

const SILENCE_MS = 10_000;

/** Counts what one plugin lost because it read too slowly, and says so now and then: a plugin that is always too slow does not fill the log. */
export class DroppedEvents {
  private counter: Counter | undefined;
  private untold = 0;
  private toldAt = -Infinity;

  constructor(
    private readonly plugin: Pick<ServiceCaller, 'pluginId' | 'pluginName'>,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** `topic` is what the plugin subscribed to. */
  add(topic: string, count: number): void {
    // Not before there is something to count: telemetry may start after the host.
    this.counter ??= metrics
      .getMeter('plugin-runtime')
      .createCounter('sluice_plugin_events_dropped_total', { description: 'Events that a plugin lost because it read them too slowly.' });
    this.counter.add(count, { plugin_id: this.plugin.pluginId, plugin: this.plugin.pluginName });
    this.untold += count;
    if (this.now() - this.toldAt < SILENCE_MS) return;
    this.logger.warn({ event: 'plugin.events_dropped', topic, lost: this.untold }, 'A slow subscriber has lost its oldest events.');
    this.toldAt = this.now();
    this.untold = 0;
  }
}
