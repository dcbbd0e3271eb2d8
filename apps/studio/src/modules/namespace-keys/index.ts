export * from './namespace-keys';
export * from './namespace-keys.module';
