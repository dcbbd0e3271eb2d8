export * from './instrumentations';
export * from './logger';
export * from './nest-logs';
export * from './telemetry';
export * from './telemetry-config';
