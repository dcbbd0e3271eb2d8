export * from './refused-call-audit';
export * from './refused-calls.module';
