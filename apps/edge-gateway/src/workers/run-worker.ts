import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createGateway } from '../create-gateway';
import { GatewayServer } from '../http/gateway-server';
import { endProcess, type ProcessBasics } from '../run-gateway';
import { loadIdentity } from '../snapshot/identity-key';
import { portToPrimary } from './worker-process';
import { WorkerModule } from './worker.module';

/** A process that answers requests, for as long as its primary is there. */
export async function runWorker(basics: ProcessBasics): Promise<void> {
  const { config, logger, telemetry } = basics;
  // A terminal signals all processes of a gateway. When workers end is for the primary to say, and it says so to all of them.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(1));
  // Until it listens, the line to the primary is all that keeps it; what starts the gateway may have let go of that.
  process.channel?.ref();
  const server = new GatewayServer({ ...config.clients, processes: config.workers.count });
  const identity = await loadIdentity(config.identity.stateFolder);
  const running: { app?: NestFastifyApplication } = {};
  // Asked to leave before there is anything to close, it just ends.
  const app = (): NestFastifyApplication => running.app ?? process.exit(0);
  const duties = {
    listen: async () => {
      await app().listen(config.http.port, config.http.host);
      return app().getUrl();
    },
    leave: () => void endProcess(basics, app()),
    giveUp: (error: Error) => {
      logger.fatal({ event: 'worker.gives_up', err: error }, 'this worker cannot go on; another one begins');
      process.exit(1);
    },
    metricsText: () => telemetry.metricsText(),
  };
  const worker = { ...basics, server, identity, port: portToPrimary(), duties };
  running.app = await createGateway(worker, WorkerModule.register(worker));
  await running.app.init();
}
