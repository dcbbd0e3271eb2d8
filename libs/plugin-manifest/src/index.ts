export * from './hooks';
export * from './scopes';
