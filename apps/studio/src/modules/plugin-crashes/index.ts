export * from './plugin-crash';
export * from './plugin-crashes.module';
export * from './plugin-crashes.service';
