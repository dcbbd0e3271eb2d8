import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { HealthService } from '@sluice/contracts/health';
import { PluginServiceService } from '@sluice/contracts/plugin';
import type { Plugin } from '../base-plugin';
import type { SessionAware } from '../capabilities/session-aware';
import { configProviderService } from '../server/config-provider-service';
import { declarationsOf } from '../server/declarations';
import { healthService } from '../server/health-service';
import { addServices } from '../server/reflection-service';
import { JsonLogger } from '../services/logger';
import { boundPluginService } from './bound-plugin-service';
import { HostBindings } from './host-bindings';
import { TcpListener } from './tcp-listener';

const MAX_RECEIVE_BYTES = 64 * 1024 * 1024;
const CLOSE_GRACE_MS = 2_000;

/** PEM texts, not files. */
export interface RemoteTls {
  certificate: string | Buffer;
  key: string | Buffer;
  /** Who may have signed the certificates of hosts. With it a host without one is refused (mutual TLS); without it anybody may connect. */
  clientCa?: string | Buffer;
}

export interface RemoteOptions {
  /** 0 takes a free one. */
  port: number;
  /** Default: `127.0.0.1`. Whoever can connect can use the plugin: open it to a network with `tls` and `clientCa` only. */
  host?: string;
  tls?: RemoteTls;
}

export interface RemoteServer {
  /** `host:port`, as a host writes it after `grpc://`. */
  readonly address: string;
  /** Closes sessions, runs the plugin's `shutdown`, and lets go of everything. */
  close(): Promise<void>;
}

/** Serves the plugin to hosts that connect; the process is left alone. */
export async function listenForHosts(plugin: Plugin & SessionAware, { port, host = '127.0.0.1', tls }: RemoteOptions): Promise<RemoteServer> {
  const logger = new JsonLogger(plugin.id);
  const declarations = declarationsOf(plugin, process.argv[1]);
  const bindings = new HostBindings({ plugin, declarations, logger });
  const grpc = new Server({ 'grpc.max_receive_message_length': MAX_RECEIVE_BYTES, 'grpc.max_send_message_length': -1 });
  addServices(grpc, [
    [PluginServiceService, boundPluginService(bindings)],
    [ConfigProviderServiceService, configProviderService(declarations, logger)],
    [HealthService, healthService()],
  ]);

  const listener = await TcpListener.listen({ grpc, credentials: serverCredentials(tls), host, port, onConnect: (peer) => bindings.connect(peer), onDisconnect: (peer) => bindings.disconnect(peer) });
  const { address } = listener;
  logger.info('The plugin waits for hosts.', { address, tls: tls ? (tls.clientCa ? 'mutual' : 'on') : 'off' });

  const end = async () => {
    await bindings.close('shutdown');
    await runShutdown(plugin, bindings, logger);
    await answered(grpc);
    await listener.close();
  };
  let closing: Promise<void> | undefined;
  return { address, close: () => (closing ??= end()) };
}

function serverCredentials(tls: RemoteTls | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  return tls.clientCa === undefined ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createSsl(Buffer.from(tls.clientCa), [pair], true);
}

async function runShutdown(plugin: Plugin, bindings: HostBindings, logger: JsonLogger): Promise<void> {
  try {
    await plugin.shutdown?.((await bindings.of('')).process.ownContext());
  } catch (error) {
    logger.error('shutdown failed.', { error });
  }
}

/** What is being answered may finish, within bounds. */
function answered(grpc: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      grpc.forceShutdown();
      resolve();
    }, CLOSE_GRACE_MS);
    grpc.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
