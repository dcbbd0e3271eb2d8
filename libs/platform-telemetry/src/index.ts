export * from './instrumentations';
export * from './logger';
export * from './telemetry';
export * from './telemetry-config';
