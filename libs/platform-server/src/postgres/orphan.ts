import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Log } from '../log';
import { inspectProcess } from '../process/inspect-process';
import { stopProcess, type StopStep } from '../process/stop-process';

/** Fast shutdown, immediate shutdown, and what no process survives. See "Shutting Down the Server" in PostgreSQL's manual. */
export const postgresStopSteps: readonly StopStep[] = [
  { signal: 'SIGINT', graceMs: 10_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/**
 * Ends the server that a killed run left on this data, and removes a lock file that would keep the next one from starting: PostgreSQL takes any
 * living process that happens to have the recorded id for a server.
 */
export async function endOrphan(dataFolder: string, log: Log): Promise<void> {
  const pid = orphanOn(dataFolder);
  if (pid !== null) {
    log(`Stopping PostgreSQL (process ${pid}), which a former run left behind`);
    await stopProcess(pid, postgresStopSteps);
  }
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
}

export function isOrphanRunning(dataFolder: string): boolean {
  return orphanOn(dataFolder) !== null;
}

function orphanOn(dataFolder: string): number | null {
  const pid = readPostmasterFile(dataFolder)?.pid;
  const info = pid === undefined ? null : inspectProcess(pid);
  // Numbers are given again: it must really be a server on these files.
  return pid !== undefined && info !== null && /postgres/.test(info.commandLine) && `${info.commandLine} `.includes(` -D ${dataFolder} `) ? pid : null;
}

/** `postmaster.pid`: line 1 the process, line 8 the status. Undefined when it is not there or not whole. */
export function readPostmasterFile(dataFolder: string): { pid: number; ready: boolean } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}
