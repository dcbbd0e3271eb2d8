import { PluginServiceService } from '@sluice/contracts/plugin';
import type { Clock } from '@sluice/kernel';
import { callMessage } from '../connect/call-message';
import type { PluginChannel } from '../connect/plugin-channel';
import { SessionLoop } from './session-loop';

/** What the plugin is told to hold a session open for, and how long the host waits for its end. */
const SESSION_MS = 30_000;
const SESSION_DEADLINE_MS = 40_000;

export interface PluginSessionOptions {
  channel: PluginChannel;
  pluginId: number;
  serviceBrokerId: number;
  clock: Clock;
}

/** The sessions of one generation, not yet started. */
export function pluginSession({ channel, pluginId, serviceBrokerId, clock }: PluginSessionOptions): SessionLoop {
  const request = { serviceBrokerId, pluginId, metadata: {}, timeoutMs: SESSION_MS };
  return new SessionLoop({ clock, open: () => callMessage(channel, PluginServiceService.openSession, request, SESSION_DEADLINE_MS) });
}
