import type { Transport } from '../connect/transport';

/** The states of a plugin on one host; `supervisor/transitions.ts` holds the table. */
export type PluginStateName = 'starting' | 'ready' | 'draining' | 'stopped' | 'crashed' | 'backoff' | 'crashlooping';

/** How the last process of a plugin ended, when it was not asked to. */
export interface PluginExit {
  code: number | null;
  signal: string | null;
  generation: number;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

/** One generation of a plugin that is there now; while a plugin is reloaded there are two or more. */
export interface GenerationStatus {
  generation: number;
  state: 'starting' | 'ready' | 'draining';
  /** In milliseconds since the Unix epoch. */
  since: number;
  pid: number | null;
  activeCalls: number;
  /** Those of the calls that are answered by a stream. */
  activeStreams: number;
}

/** What is, at this moment. Never stored as configuration. */
export interface PluginStatus {
  pluginId: number;
  state: PluginStateName;
  /** Since when, in milliseconds since the Unix epoch. */
  since: number;
  /** One sentence for a person, empty while all is well: `The plugin ended before the handshake with exit code 3.` */
  reason: string;
  /** The generation that serves, or the one that is starting while none does. Starts at 1. */
  generation: number;
  pid: number | null;
  /** What carries calls to the generation that serves; null while none does. */
  transport: Transport | null;
  restarts: number;
  lastExit: PluginExit | null;
  /** The newest last; at most 200. */
  lastLogLines: readonly string[];
  /** A newer generation could not be started and the one before it goes on serving: why. */
  reloadFailed: string | null;
  /** What shall protect the host from the generation that serves and could not be enforced here; a sentence each. */
  notEnforced: readonly string[];
  /** What the plugin did that others had to be protected from; a sentence each. */
  remarks: readonly string[];
  /** Every generation that is there, the oldest first. */
  generations: readonly GenerationStatus[];
}
