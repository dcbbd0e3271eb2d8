import type { PluginStateName } from './plugin-status';

/** What can happen to a plugin. */
export type PluginEvent =
  /** A process is being started. */
  | 'start'
  /** It has answered everything and takes calls. */
  | 'serve'
  /** It could not be started, or it ended. */
  | 'crash'
  /** The next start waits for its delay. */
  | 'wait'
  /** It has crashed too often; from now on it is only probed. */
  | 'giveUp'
  /** Nobody has needed it for a while, and it is started on demand. */
  | 'rest'
  /** Nobody wants it any more; what runs of it finishes its calls. */
  | 'drain'
  /** Nothing is left of it. */
  | 'end';

/** Every state that a plugin can be in and what leads out of it. What stands nowhere here cannot happen. */
export const TRANSITIONS: Readonly<Record<PluginStateName, Readonly<Partial<Record<PluginEvent, PluginStateName>>>>> = {
  stopped: { start: 'starting', drain: 'draining' },
  starting: { start: 'starting', serve: 'ready', crash: 'crashed', drain: 'draining' },
  ready: { serve: 'ready', crash: 'crashed', rest: 'stopped', drain: 'draining' },
  crashed: { start: 'starting', wait: 'backoff', giveUp: 'crashlooping', drain: 'draining' },
  backoff: { start: 'starting', drain: 'draining' },
  crashlooping: { start: 'starting', drain: 'draining' },
  draining: { end: 'stopped' },
};

/** The state that follows. Throws for an event that the state does not know: a bug of the supervisor, not of a plugin. */
export function nextState(state: PluginStateName, event: PluginEvent): PluginStateName {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`A plugin that is ${state} cannot ${event}.`);
  return next;
}
