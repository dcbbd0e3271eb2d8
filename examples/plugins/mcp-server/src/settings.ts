import { localhostAllowedHostnames } from '@modelcontextprotocol/server';
import type { PluginConfig } from '@sluice/plugin-sdk';

export interface Settings {
  /** Without ports. */
  allowedHosts: string[];
  sessionIdleMs: number;
  maxSessions: number;
  /** Undefined: sessions stay on this gateway. */
  redisUrl: string | undefined;
}

export function readSettings(config: PluginConfig): Settings {
  return {
    allowedHosts: config.json<string[]>('allowed_hosts', localhostAllowedHostnames()),
    sessionIdleMs: config.number('session_idle_minutes', 60) * 60_000,
    maxSessions: config.number('max_sessions', 1000),
    redisUrl: config.string('redis_url', '') || undefined,
  };
}
