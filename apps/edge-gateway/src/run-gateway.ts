import type { Logger, Telemetry } from '@sluice/platform-telemetry';
import { createGateway } from './create-gateway';
import type { GatewayConfig } from './config';
import { GatewayServer } from './http/gateway-server';
import { loadIdentity } from './snapshot/identity-key';
import { VERSION } from './version';

/** What every process of a gateway begins with. */
export interface ProcessBasics {
  config: GatewayConfig;
  logger: Logger;
  telemetry: Telemetry;
}

/** A gateway, or the part of one, that can be asked to end. */
export interface Ending {
  close(): Promise<void>;
}

/** Ends a process that somebody keeps busy for longer than it takes to stop plugins and to hand over what is left. */
const STOP_LIMIT_MS = 15_000;

/** A gateway that is one process. */
export async function runGateway(basics: ProcessBasics): Promise<void> {
  const { config } = basics;
  const app = await createGateway({ ...basics, server: new GatewayServer(config.clients), identity: await loadIdentity(config.identity.stateFolder) });
  endOnSignal(basics, app);
  try {
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    // Plugins may have been started already; nobody would end them.
    await app.close();
    throw error;
  }
  logStart(basics, await app.getUrl());
}

/** Has the process end in order when it is asked to. */
export function endOnSignal(basics: ProcessBasics, app: Ending): void {
  const { logger, config } = basics;
  const stop = (signal: string): void => {
    logger.info({ event: 'gateway.stopping', signal });
    setTimeout(() => process.exit(1), config.clients.shutdownDelayMs + config.clients.drainTimeoutMs + STOP_LIMIT_MS).unref();
    void endProcess(basics, app);
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
}

/** Closes `app`, sends what telemetry has left, and exits. */
export async function endProcess({ logger, telemetry }: ProcessBasics, app: Ending): Promise<never> {
  try {
    await app.close();
    await telemetry.shutdown();
    return process.exit(0);
  } catch (error) {
    logger.error({ event: 'gateway.stop_failed', err: error });
    return process.exit(1);
  }
}

export function logStart({ logger, config: { identity } }: ProcessBasics, url: string): void {
  logger.info({ event: 'gateway.started', url, name: identity.name, namespace: identity.namespace, version: VERSION });
}
