import { existsSync, readFileSync } from 'node:fs';

const PROC = '/proc';

/** A process that cannot be mistaken for a later one with the same pid, where this machine tells them apart. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks from boot to the start of the process. Null where there is no /proc. */
  startTime: string | null;
}

/** The start time in the text of /proc/<pid>/stat. The program's name stands in parentheses and may contain anything. */
export function parseStartTime(stat: string): string | undefined {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2);
  return afterName.split(' ')[19];
}

/** Who has this pid now, or undefined when nobody has. */
export function identify(pid: number, proc: string = PROC): ProcessIdentity | undefined {
  if (!existsSync(proc)) return exists(pid) ? { pid, startTime: null } : undefined;
  try {
    const startTime = parseStartTime(readFileSync(`${proc}/${pid}/stat`, 'utf8'));
    return startTime === undefined ? undefined : { pid, startTime };
  } catch {
    return undefined;
  }
}

/** Whether this process is there. By its pid alone the answer may be about a later one, so it is no licence to end anybody. */
export function isAlive({ pid, startTime }: ProcessIdentity, proc: string = PROC): boolean {
  return identify(pid, proc)?.startTime === startTime;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
