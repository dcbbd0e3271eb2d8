export * from './generated/grpc/reflection/v1alpha/reflection';
