import 'reflect-metadata';
import { ConfigError } from '@sluice/platform-config';
import { createLogger, startTelemetry } from '@sluice/platform-telemetry';
import { loadMigrateConfig, loadStudioConfig, readRole } from './config';
import { VERSION } from './version';

/** Ends a process that somebody keeps busy for longer than an orchestrator waits. */
const SHUTDOWN_LIMIT_MS = 25_000;

async function main(): Promise<void> {
  if (readRole() === 'migrate') return migrateOnly();
  const config = loadStudioConfig();
  const logger = createLogger({ name: 'studio', level: config.telemetry.logLevel });
  // Before what it instruments is loaded, which is why the rest is imported below.
  const telemetry = startTelemetry({ serviceName: 'sluice-studio', serviceVersion: VERSION, config: config.telemetry, instrument: ['http', 'grpc', 'pg', 'ioredis', 'undici'] });
  const { start } = await import('./start.js');
  const stop = await start({ config, logger, telemetry });
  const shutDown = (signal: string): void => {
    logger.info({ event: 'studio.stopping', signal });
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    void stop()
      .then(() => telemetry.shutdown())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ event: 'studio.stop_failed', err: error });
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', () => shutDown('SIGTERM'));
  process.once('SIGINT', () => shutDown('SIGINT'));
}

async function migrateOnly(): Promise<void> {
  const { databaseUrl, queues, telemetry } = loadMigrateConfig();
  const { migrate } = await import('./database/migrate.js');
  await migrate({ url: databaseUrl, queues, logger: createLogger({ name: 'studio', level: telemetry.logLevel }) });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
});
