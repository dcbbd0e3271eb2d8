import { metrics } from '@opentelemetry/api';
import type { Slowness } from './client-connection';

/** What `/metrics` says about connections of clients. Counted in plain numbers, which are read when someone looks. */
export class HttpMetrics {
  connections = 0;
  private dropped = 0;
  private readonly cut: Record<Slowness, number> = { body: 0, answer: 0 };

  constructor() {
    const meter = metrics.getMeter('edge-gateway');
    meter.createObservableGauge('sluice_http_connections', { description: 'Open connections of clients.' }).addCallback((result) => result.observe(this.connections));
    meter
      .createObservableCounter('sluice_http_connections_dropped_total', { description: 'Connections that were closed at once because there were too many.' })
      .addCallback((result) => result.observe(this.dropped));
    meter.createObservableCounter('sluice_http_slow_clients_total', { description: 'Clients that were cut off because they were too slow.' }).addCallback((result) => {
      for (const [what, value] of Object.entries(this.cut)) result.observe(value, { what });
    });
  }

  countDropped(): void {
    this.dropped++;
  }

  countCut(slowness: Slowness): void {
    this.cut[slowness]++;
  }
}
