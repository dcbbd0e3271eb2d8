import type { SessionAware } from '../capabilities/session-aware';
import type { PluginProcess } from '../server/plugin-process';
import type { SessionHooks } from './session';

/** What the sessions of the host mean for the plugin: background work may begin, and has to end. */
export function sessionHooks(process: PluginProcess, plugin: SessionAware): SessionHooks {
  const { connection, logger, services } = process;
  return {
    connect: () => connection.client(),
    ready: async () => {
      services.events.start();
      try {
        await plugin.onSessionReady?.(process.ownContext());
      } catch (error) {
        logger.error('onSessionReady failed.', { error });
      }
    },
    closing: async (reason) => {
      try {
        await plugin.onSessionClosing?.(process.ownContext(), reason);
      } catch (error) {
        logger.error('onSessionClosing failed.', { error });
      }
    },
  };
}
