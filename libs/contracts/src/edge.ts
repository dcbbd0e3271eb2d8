export * from './generated/edge/v1/edge';
