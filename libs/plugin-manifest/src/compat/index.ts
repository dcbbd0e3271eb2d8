export * from './check-compat';
export * from './check-requires';
