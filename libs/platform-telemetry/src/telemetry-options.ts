import type { InstrumentationName } from './instrumentations';
import type { TelemetryConfig } from './telemetry-config';

export interface TelemetryOptions {
  serviceName: string;
  serviceVersion: string;
  config: TelemetryConfig;
  /** Libraries to trace by themselves. They must not have been loaded yet. */
  instrument?: readonly InstrumentationName[];
}
