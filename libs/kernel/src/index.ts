export * from './assert-never';
export * from './clock';
export * from './errors';
export * from './transport-status';
