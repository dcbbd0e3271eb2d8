export * from './plugin-host.module';
