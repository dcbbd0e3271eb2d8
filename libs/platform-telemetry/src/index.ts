export * from './instrumentations';
export * from './logger';
export * from './nest-logs';
export * from './plain-histogram';
export * from './telemetry';
export * from './telemetry-config';
