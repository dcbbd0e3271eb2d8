export { CallError, Status } from './grpc/status';
export { LaneServer, type LaneServerOptions } from './server/lane-server';
export { LaneChannel, type CallOptions, type CallWatch, type LaneChannelOptions } from './client/lane-channel';
export type { UnaryObserver } from './client/unary-call';
export type { PacedStream, StreamObserver, StreamPacing } from './client/stream-call';
