import type { Plugin } from '../base-plugin';
import type { SessionAware } from '../capabilities/session-aware';
import { logStrayErrors } from '../server/stray-errors';
import { JsonLogger } from '../services/logger';
import { listenForHosts, type RemoteOptions, type RemoteServer } from './remote-server';

/**
 * Runs the plugin for hosts that connect to it: `grpc://host:port` is its command there. Several hosts may use it at once; `initialize` is
 * called for each, and again whenever one comes back. SIGTERM and SIGINT end the process in an orderly way.
 */
export async function serveRemote(plugin: Plugin & SessionAware, options: RemoteOptions): Promise<RemoteServer> {
  const server = await listenForHosts(plugin, options);
  logStrayErrors(new JsonLogger(plugin.id));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close().then(() => process.exit(0)));
  return server;
}
