import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { AggregationTemporality, type CollectionResult, DataPointType, type Histogram, type HistogramMetricData, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { plainHistograms, type HistogramSeries, type PlainHistogram } from './plain-histogram';

/** Hands OpenTelemetry what was recorded past it, whenever it collects. */
export class PlainMetricProducer implements MetricProducer {
  collect(): Promise<CollectionResult> {
    const collectedAt = hrTime(Date.now());
    const scopeMetrics = [...plainHistograms()].map((histogram) => ({ scope: { name: histogram.scope }, metrics: [toMetric(histogram, collectedAt)] }));
    return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] });
  }
}

function toMetric({ name, options, all }: PlainHistogram, endTime: HrTime): HistogramMetricData {
  return {
    descriptor: { name, description: options.description, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: all.map((series) => ({ startTime: hrTime(series.beganAtMs), endTime, attributes: series.attributes, value: toValue(series, options.boundaries) })),
  };
}

function toValue({ counts, count, sum }: HistogramSeries, boundaries: readonly number[]): Histogram {
  return { buckets: { boundaries: [...boundaries], counts: [...counts] }, count, sum };
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
}
