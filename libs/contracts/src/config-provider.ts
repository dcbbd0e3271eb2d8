export * from './generated/config_provider/config_provider';
