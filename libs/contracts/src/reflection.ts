export * from './generated/grpc/reflection/v1/reflection';
