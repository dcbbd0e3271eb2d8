import type { RunningGeneration } from '../generation/generation';
import type { Departures } from './departures';
import type { GenerationStatus } from './plugin-status';
import type { StartAttempt } from './start-attempt';

/** Every generation of a plugin that is there now, the oldest first. */
export function generationStatuses(
  departures: Departures,
  current: { generation: RunningGeneration; since: number } | undefined,
  attempt: StartAttempt | undefined,
): GenerationStatus[] {
  const statuses = departures.list().map(({ generation, since }) => statusOf(generation, 'draining', since));
  if (current) statuses.push(statusOf(current.generation, 'ready', current.since));
  if (attempt) statuses.push({ generation: attempt.request.generation, state: 'starting', since: attempt.since, pid: null, activeCalls: 0, activeStreams: 0 });
  return statuses;
}

function statusOf({ generation, pid, channel, activeStreams, sharing }: RunningGeneration, state: 'ready' | 'draining', since: number): GenerationStatus {
  // Calls that were relayed are calls of the channel.
  const outside = sharing?.link && sharing.calls;
  return { generation, state, since, pid, activeCalls: channel.activeCalls + (outside?.activeCalls ?? 0), activeStreams: activeStreams + (outside?.activeStreams ?? 0) };
}
