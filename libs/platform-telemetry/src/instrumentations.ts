import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';

type Instrumentations = NodeSDKConfiguration['instrumentations'];

export type InstrumentationName = 'http' | 'grpc' | 'pg' | 'ioredis' | 'undici';

/** Only what is asked for is loaded: an instrumentation costs start-up time and patches its library. */
export function loadInstrumentations(names: readonly InstrumentationName[]): Instrumentations {
  return names.map((name) => {
    switch (name) {
      case 'http':
        return new (require('@opentelemetry/instrumentation-http') as typeof import('@opentelemetry/instrumentation-http')).HttpInstrumentation();
      case 'grpc':
        return new (require('@opentelemetry/instrumentation-grpc') as typeof import('@opentelemetry/instrumentation-grpc')).GrpcInstrumentation();
      case 'pg':
        return new (require('@opentelemetry/instrumentation-pg') as typeof import('@opentelemetry/instrumentation-pg')).PgInstrumentation();
      case 'ioredis':
        return new (require('@opentelemetry/instrumentation-ioredis') as typeof import('@opentelemetry/instrumentation-ioredis')).IORedisInstrumentation();
      case 'undici':
        return new (require('@opentelemetry/instrumentation-undici') as typeof import('@opentelemetry/instrumentation-undici')).UndiciInstrumentation();
    }
  });
}
