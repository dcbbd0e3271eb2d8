import { NestFactory } from '@nestjs/core';
import { NestLogs } from '@sluice/platform-telemetry';
import { observeProcess } from '../http/process-metrics';
import { endOnSignal, logStart, type ProcessBasics } from '../run-gateway';
import { loadIdentity } from '../snapshot/identity-key';
import { PrimaryModule } from './primary.module';
import { WorkerPool } from './worker-pool';

/** The process that has the plugins and the configuration, and supervises those that answer requests. */
export async function runPrimary(basics: ProcessBasics): Promise<void> {
  observeProcess();
  const identity = await loadIdentity(basics.config.identity.stateFolder);
  const app = await NestFactory.createApplicationContext(PrimaryModule.register({ ...basics, identity }), { logger: new NestLogs(basics.logger), abortOnError: false });
  endOnSignal(basics, app);
  let url: string;
  try {
    url = await app.get(WorkerPool).start();
  } catch (error) {
    // Plugins may have been started already; nobody would end them.
    await app.close();
    throw error;
  }
  logStart(basics, url);
}
