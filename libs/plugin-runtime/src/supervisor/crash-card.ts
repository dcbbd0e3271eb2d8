import { randomUUID } from 'node:crypto';
import type { Deployment } from '../deployment/deployment';
import type { ProcessExit } from '../process/plugin-process';

/**
 * What the host did about it: it starts the plugin again, or only probes it from now on, or the generation before goes on serving, or
 * a newer one had taken over already.
 */
export type CrashOutcome = 'restarting' | 'crash_loop' | 'kept_old_generation' | 'replaced';

/** What is left of a generation that ended, or did not start, without being asked to. */
export interface CrashCard {
  /** Unique over all hosts and times: who gets a card twice can tell. */
  id: string;
  pluginId: number;
  generation: number;
  /** Of what was executed, as it was pinned; null where nothing was. */
  digest: string | null;
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** One sentence for a person. */
  reason: string;
  /** Both null for a process that the host ended itself, or that could not be started at all. */
  exitCode: number | null;
  exitSignal: string | null;
  /** The request that was handed to this generation last, or `''`. */
  lastRequestId: string;
  /** The newest last; at most 200 and 64 KiB. */
  lastLogLines: readonly string[];
  outcome: CrashOutcome;
  /** With `restarting` and `crash_loop`: how long after the crash. */
  restartInMs: number | null;
}

/** What is known at the moment of the crash. */
export interface Crash {
  definition: { id: number; deployment: Deployment };
  generation: number;
  at: number;
  reason: string;
  exit: ProcessExit | null;
  lastRequestId: string;
  outcome: CrashOutcome;
  restartInMs: number | null;
}

const MAX_LOG_BYTES = 64 * 1024;

export function crashCard({ definition, generation, at, reason, exit, lastRequestId, outcome, restartInMs }: Crash, logLines: readonly string[]): CrashCard {
  const { deployment } = definition;
  return {
    id: randomUUID(),
    pluginId: definition.id,
    generation,
    digest: ('digest' in deployment && deployment.digest) || null,
    at,
    reason,
    exitCode: exit?.code ?? null,
    exitSignal: exit?.signal ?? null,
    lastRequestId,
    lastLogLines: newestWithin(logLines, MAX_LOG_BYTES),
    outcome,
    restartInMs,
  };
}

function newestWithin(lines: readonly string[], maxBytes: number): string[] {
  let bytes = 0;
  let first = lines.length;
  while (first > 0 && (bytes += Buffer.byteLength(lines[first - 1]!)) <= maxBytes) first -= 1;
  return lines.slice(first);
}
