import { status } from '@grpc/grpc-js';
import { HealthCheckResponse, HealthCheckResponse_ServingStatus as Serving, type HealthServer } from '@sluice/contracts/health';

/** go-plugin asks for the service `plugin`; an empty name means the server as a whole. */
const SERVICES: ReadonlySet<string> = new Set(['', 'plugin']);

/** `grpc.health.v1.Health`: serving for as long as the process is there to answer. */
export function healthService(): HealthServer {
  return {
    check: (call, callback) => {
      if (SERVICES.has(call.request.service)) callback(null, HealthCheckResponse.create({ status: Serving.SERVING }));
      else callback({ code: status.NOT_FOUND, details: 'unknown service' });
    },
    watch: (call) => {
      call.on('error', () => undefined);
      const known = SERVICES.has(call.request.service);
      call.write(HealthCheckResponse.create({ status: known ? Serving.SERVING : Serving.SERVICE_UNKNOWN }));
    },
  };
}
