export * from './generated/plugin/go_plugin';
