export * from './snapshot-records.module';
