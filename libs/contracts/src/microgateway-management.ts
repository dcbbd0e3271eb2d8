export * from './generated/microgateway_management/microgateway_management';
