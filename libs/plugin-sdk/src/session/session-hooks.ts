import type { SessionAware } from '../capabilities/session-aware';
import { type PluginProcess, processContext } from '../server/plugin-process';
import type { SessionHooks } from './session';

/** What the sessions of the host mean for the plugin: background work may begin, and has to end. */
export function sessionHooks(process: PluginProcess, plugin: SessionAware): SessionHooks {
  const { connection, logger, services } = process;
  return {
    connect: () => connection.client(),
    ready: async () => {
      services.events.start();
      try {
        await plugin.onSessionReady?.(processContext(process));
      } catch (error) {
        logger.error('onSessionReady failed.', { error });
      }
    },
    closing: async (reason) => {
      try {
        await plugin.onSessionClosing?.(processContext(process), reason);
      } catch (error) {
        logger.error('onSessionClosing failed.', { error });
      }
    },
  };
}
