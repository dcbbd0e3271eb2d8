export * from './revision.service';
