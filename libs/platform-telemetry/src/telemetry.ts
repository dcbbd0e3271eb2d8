import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { PlainMetricProducer } from './plain-metric-producer';
import type { TelemetryOptions } from './telemetry-options';

export interface Telemetry {
  /** Every metric with its present value, in Prometheus' text format. */
  metricsText(): Promise<string>;
  /** Sends what is still in memory, waiting at most a few seconds for it. */
  shutdown(): Promise<void>;
}

/** Starts OpenTelemetry for this process. Everything else uses `@opentelemetry/api` and works, silently, without it. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const metricReader = new PrometheusExporter({ preventServerStart: true, metricProducers: [new PlainMetricProducer()] });
  const serializer = new PrometheusSerializer();
  const resource = resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': options.serviceVersion });
  const sdk = startSdk(options, resource, metricReader);
  return {
    async metricsText() {
      const { resourceMetrics } = await metricReader.collect();
      return serializer.serialize(resourceMetrics);
    },
    shutdown: () => Promise.race([sdk.shutdown(), new Promise<void>((resolve) => setTimeout(resolve, 3_000).unref())]),
  };
}

/** What traces is loaded only where something is traced: it is most of the SDK, and a process that only counts starts without it. */
function startSdk(options: TelemetryOptions, resource: Resource, reader: MetricReader): { shutdown(): Promise<void> } {
  if (options.config.otlpEndpoint !== undefined || options.instrument?.length) {
    return (require('./tracing-sdk') as typeof import('./tracing-sdk')).startTracingSdk(options, resource, reader);
  }
  const provider = new MeterProvider({ resource, readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}
