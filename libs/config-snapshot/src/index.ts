export * from './records';
export * from './snapshot';
