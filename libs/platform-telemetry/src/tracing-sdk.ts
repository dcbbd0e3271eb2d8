import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { loadInstrumentations } from './instrumentations';
import type { TelemetryOptions } from './telemetry-options';

/** Metrics, traces where there is somebody to send them to, and the instrumentations of libraries. */
export function startTracingSdk({ config, instrument = [] }: TelemetryOptions, resource: Resource, metricReader: MetricReader): NodeSDK {
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    metricReaders: [metricReader],
    logRecordProcessors: [],
    instrumentations: loadInstrumentations(instrument),
    sampler: config.otlpEndpoint
      ? new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(config.sampledShare) })
      : new tracing.AlwaysOffSampler(),
    spanProcessors: config.otlpEndpoint
      ? [new tracing.BatchSpanProcessor(new OTLPTraceExporter({ url: new URL('v1/traces', withSlash(config.otlpEndpoint)).href }), { scheduledDelayMillis: 1_000 })]
      : [],
  });
  sdk.start();
  return sdk;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
