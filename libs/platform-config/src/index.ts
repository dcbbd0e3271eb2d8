export * from './load-config';
export * from './values';
