import type { Context } from '../context/context';

/** Told when the host's services are there, and when they are about to go: the place for background work. */
export interface SessionAware {
  /** Once in the life of the process; where hosts connect to the plugin, once for each of their connections. */
  onSessionReady?(ctx: Context): void | Promise<void>;
  onSessionClosing?(ctx: Context, reason: string): void | Promise<void>;
}
