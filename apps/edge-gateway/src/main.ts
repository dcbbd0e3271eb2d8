import 'reflect-metadata';
import cluster from 'node:cluster';
import { ConfigError } from '@sluice/platform-config';
import { createLogger, startTelemetry } from '@sluice/platform-telemetry';
import { readConfig } from './config';
import { runGateway } from './run-gateway';
import { VERSION } from './version';
import { runPrimary } from './workers/run-primary';
import { runWorker } from './workers/run-worker';

async function main(): Promise<void> {
  const config = readConfig();
  const base = createLogger({ name: 'edge-gateway', level: config.telemetry.logLevel });
  const logger = cluster.worker ? base.child({ worker: cluster.worker.id }) : base;
  const telemetry = startTelemetry({ serviceName: 'sluice-edge-gateway', serviceVersion: VERSION, config: config.telemetry });
  const basics = { config, logger, telemetry };
  if (cluster.isWorker) await runWorker(basics);
  else if (config.workers.count > 1) await runPrimary(basics);
  else await runGateway(basics);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
});
