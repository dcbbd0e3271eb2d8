import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { EdgeServiceService } from '@sluice/contracts/edge';

export const EDGE_SERVICE = 'edge.v1.EdgeService';

/** Enough for 200 log lines of some dozen plugins. */
const MAX_RECEIVE_BYTES = 16 * 1024 * 1024;

/** How the studio serves gateways: the generated definitions are what grpc-js wants, so no .proto is read at run time. */
export function edgeGrpcOptions(host: string, port: number): GrpcOptions {
  return {
    transport: Transport.GRPC,
    options: {
      url: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      package: 'edge.v1',
      packageDefinition: { [EDGE_SERVICE]: EdgeServiceService },
      maxReceiveMessageLength: MAX_RECEIVE_BYTES,
      keepalive: { keepaliveTimeMs: 30_000, keepaliveTimeoutMs: 10_000 },
      gracefulShutdown: true,
    },
  };
}
