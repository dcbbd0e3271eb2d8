import { Server } from '@grpc/grpc-js';
import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { GRPCBrokerService, GRPCControllerService, GRPCStdioService } from '@sluice/contracts/go-plugin';
import { HealthService } from '@sluice/contracts/health';
import { LaneServer } from '@sluice/grpc-lane';
import type { Plugin } from './base-plugin';
import { Announcements } from './broker/announcements';
import { brokerService } from './broker/broker-service';
import { HostConnection } from './broker/host-connection';
import type { SessionAware } from './capabilities/session-aware';
import { detectRuntime } from './context/runtime';
import { configProviderService } from './server/config-provider-service';
import { controllerService } from './server/controller-service';
import { declarationsOf } from './server/declarations';
import { handshakeLine } from './server/handshake-line';
import { healthService } from './server/health-service';
import { hotPluginService } from './server/hot-service';
import { listen } from './server/listen';
import { NOT_STARTED_BY_HOST, startedByHost } from './server/magic-cookie';
import { PluginProcess } from './server/plugin-process';
import { pluginService } from './server/plugin-service';
import { ProcessEnd } from './server/process-end';
import { addServices } from './server/reflection-service';
import { stdioService } from './server/stdio-service';
import { StdoutCapture } from './server/stdout-capture';
import { logStrayErrors } from './server/stray-errors';
import { type TransportSecurity, transportSecurity } from './server/transport-security';
import { HostServices, loadRuntimeClient } from './services/host-services';
import { JsonLogger } from './services/logger';
import { Session } from './session/session';
import { sessionHooks } from './session/session-hooks';

/** Requests that a host sends: bodies are bounded by the gateway, this is only the last line. */
const MAX_RECEIVE_BYTES = 64 * 1024 * 1024;

// From the import on, because what an author prints before `serve` must not be taken for the handshake.
const stdout = startedByHost(process.env) ? new StdoutCapture() : undefined;

/**
 * Runs the plugin: call it once, at the end of the entry file. The process then belongs to the host that started it, and ends when
 * the host says so or is gone.
 */
export function serve(plugin: Plugin & SessionAware): void {
  if (!stdout) {
    process.stderr.write(`${NOT_STARTED_BY_HOST}\n`);
    process.exit(1);
  }
  const logger = new JsonLogger(plugin.id);
  start(plugin, stdout, logger).catch((error: unknown) => {
    logger.error('The plugin could not start.', { error });
    process.exit(1);
  });
}

async function start(plugin: Plugin & SessionAware, stdout: StdoutCapture, logger: JsonLogger): Promise<void> {
  const runtime = detectRuntime(process.env);
  const security = await transportSecurity(process.env['PLUGIN_CLIENT_CERT']);
  const announcements = new Announcements();
  const connection = new HostConnection(announcements, security.client);
  const identity = { pluginId: 0 };
  const pluginId = () => identity.pluginId;
  const services = new HostServices(await loadRuntimeClient(runtime, connection, pluginId), logger, connection, pluginId);
  const server = createServer(security);
  const pluginProcess = new PluginProcess({ plugin, runtime, logger, connection, services, identity });
  const end = new ProcessEnd(async () => void (await pluginProcess.shutdown()));
  const declarations = declarationsOf(plugin, process.argv[1]);
  const session = new Session(sessionHooks(pluginProcess, plugin));

  addServices(server, [
    [hotPluginService, pluginService(pluginProcess, declarations, session, end)],
    [ConfigProviderServiceService, configProviderService(declarations, logger)],
    [GRPCBrokerService, brokerService(announcements)],
    [GRPCControllerService, controllerService(end)],
    [GRPCStdioService, stdioService(stdout.buffer)],
    [HealthService, healthService()],
  ]);

  const address = await listen(server, security.server, process.env);
  if (address.network === 'unix') end.socketPath = address.address;
  logStrayErrors(logger);
  end.onSignals();
  end.withParent();
  stdout.writeHandshake(handshakeLine(address, security.certificate));
}

/** The lane wherever it can be: a call costs it a fraction. Certificates and TCP are @grpc/grpc-js's. */
function createServer(security: TransportSecurity): LaneServer | Server {
  if (security.certificate === '' && process.platform !== 'win32') return new LaneServer({ maxMessageBytes: MAX_RECEIVE_BYTES });
  return new Server({ 'grpc.max_receive_message_length': MAX_RECEIVE_BYTES, 'grpc.max_send_message_length': -1 });
}
