import { z } from 'zod';

/** Settings of logs and traces; the trace variables are OpenTelemetry's own. */
export const telemetryConfig = z
  .object({
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info').describe('Log lines below this level are left out.'),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('Where traces are sent over OTLP/HTTP. Unset: no traces are recorded.'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('The share of traces begun here that are recorded, from 0 to 1.'),
  })
  .transform((env) => ({
    logLevel: env.LOG_LEVEL,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampledShare: env.OTEL_TRACES_SAMPLER_ARG,
  }));

export type TelemetryConfig = z.output<typeof telemetryConfig>;
