import type { Attributes } from '@opentelemetry/api';

export interface PlainHistogramOptions {
  description: string;
  /** Ascending; each belongs to the bucket below it. */
  boundaries: readonly number[];
}

const histograms = new Map<string, PlainHistogram>();

/** Those of this process. */
export function plainHistograms(): Iterable<PlainHistogram> {
  return histograms.values();
}

/**
 * A histogram for hot paths, among the metrics of this process. That of OpenTelemetry makes a text of the attributes for each value; here whoever
 * records keeps the series, and recording is an addition.
 */
export class PlainHistogram {
  private readonly byAttributes = new Map<string, HistogramSeries>();

  private constructor(
    readonly scope: string,
    readonly name: string,
    readonly options: PlainHistogramOptions,
  ) {}

  /** The one with this name, which is made where there is none. */
  static named(scope: string, name: string, options: PlainHistogramOptions): PlainHistogram {
    let histogram = histograms.get(name);
    if (!histogram) histograms.set(name, (histogram = new PlainHistogram(scope, name, options)));
    return histogram;
  }

  get all(): HistogramSeries[] {
    return [...this.byAttributes.values()];
  }

  /** The series with these attributes, to be kept. */
  series(attributes: Attributes): HistogramSeries {
    const key = JSON.stringify(attributes);
    let series = this.byAttributes.get(key);
    if (!series) this.byAttributes.set(key, (series = new HistogramSeries(attributes, this.options.boundaries)));
    return series;
  }
}

/** What was recorded with one set of attributes. */
export class HistogramSeries {
  readonly beganAtMs = Date.now();
  /** By bucket; the last one has what is above all boundaries. */
  readonly counts: number[];
  count = 0;
  sum = 0;

  constructor(
    readonly attributes: Attributes,
    private readonly boundaries: readonly number[],
  ) {
    this.counts = new Array<number>(boundaries.length + 1).fill(0);
  }

  record(value: number): void {
    const { boundaries } = this;
    let bucket = 0;
    while (bucket < boundaries.length && value > boundaries[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.count++;
    this.sum += value;
  }
}
