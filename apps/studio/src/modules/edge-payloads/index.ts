export * from './edge-payload-intake.service';
export * from './edge-payload-jobs.module';
export * from './edge-payload-queue';
export * from './edge-payload.errors';
export * from './edge-payloads.module';
