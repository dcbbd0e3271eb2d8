export * from './conformance';
export * from './plugin-host-suite';
