import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks from boot to the start of the process. */
  startTime: string;
}

/** The start time in the text of /proc/<pid>/stat. The program's name stands in parentheses and may contain anything. */
export function parseStartTime(stat: string): string | undefined {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2);
  return afterName.split(' ')[19];
}

/** Who has this pid now, or undefined when nobody has (or where there is no /proc). */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const startTime = parseStartTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return startTime === undefined ? undefined : { pid, startTime };
  } catch {
    return undefined;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}
