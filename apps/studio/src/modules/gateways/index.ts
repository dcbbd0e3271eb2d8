export * from './edge-grpc';
export * from './gateway-errors';
export * from './gateway-identity.module';
export * from './gateway.entity';
export * from './gateway.service';
export * from './gateways.module';
