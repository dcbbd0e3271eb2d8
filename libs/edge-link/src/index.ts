export * from './edge/edge-client';
export * from './edge/signing';
export * from './link-logger';
export * from './snapshots/snapshot-keys';
export * from './snapshots/snapshot-publisher';
export * from './snapshots/snapshot-receiver';
export * from './snapshots/snapshot-tag';
