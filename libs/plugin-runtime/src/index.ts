export * from './broker/service-api';
export * from './connect/plugin-channel';
export * from './deployment/deployment';
export * from './host/plugin-host';
export * from './supervisor/plugin-status';
