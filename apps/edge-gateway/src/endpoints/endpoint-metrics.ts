import { metrics, type Attributes } from '@opentelemetry/api';
import { type HistogramSeries, PlainHistogram } from '@sluice/platform-telemetry';

export type EndpointKind = 'unary' | 'stream' | 'none';

interface Tally {
  attributes: Attributes;
  value: number;
}

/**
 * What `/metrics` says about requests under `/plugins/`. Requests are counted in plain numbers, which are read when someone
 * looks: adding to a counter of OpenTelemetry costs more than routing the request.
 */
export class EndpointMetrics {
  private readonly series = new Map<string, EndpointSeries>();
  private readonly callDuration = PlainHistogram.named('edge-gateway', 'sluice_plugin_call_duration_seconds', {
    description: 'How long calls to plugins take; for streams until their end.',
    boundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  });

  constructor() {
    const meter = metrics.getMeter('edge-gateway');
    meter
      .createObservableCounter('sluice_endpoint_requests_total', { description: 'Requests to plugin endpoints by outcome.' })
      .addCallback((result) => {
        for (const series of this.series.values()) for (const { value, attributes } of series.tallies()) result.observe(value, attributes);
      });
    meter
      .createObservableGauge('sluice_endpoint_requests_active', { description: 'Calls to plugin endpoints that have not ended.' })
      .addCallback((result) => {
        for (const series of this.series.values()) result.observe(series.active, series.attributes);
      });
  }

  /** `slug` is that of a plugin in the configuration, or `''`: never text of a client, or anyone could make up series. */
  of(slug: string, kind: EndpointKind): EndpointSeries {
    const key = `${kind} ${slug}`;
    let series = this.series.get(key);
    if (!series) this.series.set(key, (series = new EndpointSeries({ plugin: slug, kind }, this.callDuration)));
    return series;
  }
}

/** The counters of one kind of endpoint of one plugin. */
export class EndpointSeries {
  /** Calls that have started and not ended. */
  active = 0;
  private readonly byOutcome = new Map<string, Tally>();
  private readonly answered = new Map<number, Tally>();
  private readonly calls = new Map<string, HistogramSeries>();

  constructor(
    readonly attributes: Attributes,
    private readonly callDuration: PlainHistogram,
  ) {}

  /** The plugin's answer went out. */
  countAnswer(status: number): void {
    let tally = this.answered.get(status);
    if (!tally) this.answered.set(status, (tally = this.newTally(status, '')));
    tally.value++;
  }

  /** The gateway answered, or gave up, with this code. */
  countError(status: number, code: string): void {
    const key = `${status} ${code}`;
    let tally = this.byOutcome.get(key);
    if (!tally) this.byOutcome.set(key, (tally = this.newTally(status, code)));
    tally.value++;
  }

  /** `outcome` is `ok`, `cancelled` or the number of a gRPC status. */
  recordCall(startedAtMs: number, outcome: string): void {
    let calls = this.calls.get(outcome);
    if (!calls) this.calls.set(outcome, (calls = this.callDuration.series({ ...this.attributes, outcome })));
    calls.record((performance.now() - startedAtMs) / 1000);
  }

  *tallies(): Iterable<Tally> {
    yield* this.answered.values();
    yield* this.byOutcome.values();
  }

  private newTally(status: number, code: string): Tally {
    return { value: 0, attributes: { ...this.attributes, status: String(status), status_class: `${Math.trunc(status / 100)}xx`, code } };
  }
}
