export * from './check-compat';
export * from './check-requires';
export * from './plugin-apis';
