export * from './plugin-definitions';
export * from './plugin-errors';
export * from './plugin-manifest-of';
export * from './plugin-rules';
export { PLUGINS_CHANNEL } from './plugin-writer';
export * from './plugin.entity';
export { viewPlugin } from './plugin.schema';
export * from './plugin.service';
export * from './plugins.module';
