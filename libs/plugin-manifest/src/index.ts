export * from './compat';
export * from './config-schema';
export * from './failure-policies';
export * from './hooks';
export * from './manifest';
export * from './parse-manifest';
export * from './scopes';
