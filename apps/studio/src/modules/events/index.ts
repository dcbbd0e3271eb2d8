export * from './events.module';
export * from './system-events';
