import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { loadInstrumentations, type InstrumentationName } from './instrumentations';
import { PlainMetricProducer } from './plain-metric-producer';
import type { TelemetryConfig } from './telemetry-config';

export interface TelemetryOptions {
  serviceName: string;
  serviceVersion: string;
  config: TelemetryConfig;
  /** Libraries to trace by themselves. They must not have been loaded yet. */
  instrument?: readonly InstrumentationName[];
}

export interface Telemetry {
  /** Every metric with its present value, in Prometheus' text format. */
  metricsText(): Promise<string>;
  /** Sends what is still in memory, waiting at most a few seconds for it. */
  shutdown(): Promise<void>;
}

/** Starts OpenTelemetry for this process. Everything else uses `@opentelemetry/api` and works, silently, without it. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { config } = options;
  const metricReader = new PrometheusExporter({ preventServerStart: true, metricProducers: [new PlainMetricProducer()] });
  const serializer = new PrometheusSerializer();
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': options.serviceVersion }),
    autoDetectResources: false,
    metricReaders: [metricReader],
    logRecordProcessors: [],
    instrumentations: loadInstrumentations(options.instrument ?? []),
    sampler: config.otlpEndpoint
      ? new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(config.sampledShare) })
      : new tracing.AlwaysOffSampler(),
    spanProcessors: config.otlpEndpoint
      ? [new tracing.BatchSpanProcessor(new OTLPTraceExporter({ url: new URL('v1/traces', withSlash(config.otlpEndpoint)).href }), { scheduledDelayMillis: 1_000 })]
      : [],
  });
  sdk.start();
  return {
    async metricsText() {
      const { resourceMetrics } = await metricReader.collect();
      return serializer.serialize(resourceMetrics);
    },
    shutdown: () => Promise.race([sdk.shutdown(), new Promise<void>((resolve) => setTimeout(resolve, 3_000).unref())]),
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
