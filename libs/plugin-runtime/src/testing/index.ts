export * from './plugin-host-suite';
