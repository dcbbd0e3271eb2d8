import 'reflect-metadata';
import { ConfigError } from '@sluice/platform-config';
import { createLogger, startTelemetry } from '@sluice/platform-telemetry';
import { readConfig } from './config';
import { createGateway } from './create-gateway';
import { GatewayServer } from './http/gateway-server';
import { loadIdentity } from './snapshot/identity-key';
import { VERSION } from './version';

/** Ends a process that somebody keeps busy for longer than it takes to stop plugins and to hand over what is left. */
const STOP_LIMIT_MS = 15_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ name: 'edge-gateway', level: config.telemetry.logLevel });
  const telemetry = startTelemetry({ serviceName: 'sluice-edge-gateway', serviceVersion: VERSION, config: config.telemetry });
  const identity = await loadIdentity(config.identity.stateFolder);
  const app = await createGateway({ config, logger, telemetry, server: new GatewayServer(config.clients), identity });

  const stop = (signal: string): void => {
    logger.info({ event: 'gateway.stopping', signal });
    setTimeout(() => process.exit(1), config.clients.shutdownDelayMs + config.clients.drainTimeoutMs + STOP_LIMIT_MS).unref();
    void app
      .close()
      .then(() => telemetry.shutdown())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ event: 'gateway.stop_failed', err: error });
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));

  try {
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    // Plugins may have been started already; nobody would end them.
    await app.close();
    throw error;
  }
  logger.info({ event: 'gateway.started', url: await app.getUrl(), name: config.identity.name, namespace: config.identity.namespace, version: VERSION });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
});
