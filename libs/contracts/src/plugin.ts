export * from './generated/plugin/plugin_service';
