export * from './generated/plugin_events/plugin_events';
