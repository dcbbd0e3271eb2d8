export * from './plugin-kv.service';
export * from './service-api-errors';
export * from './service-api-jobs.module';
export * from './service-api.module';
export * from './studio-service-api';
