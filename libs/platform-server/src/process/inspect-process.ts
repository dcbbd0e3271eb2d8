import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessInfo {
  /** Words joined by spaces. */
  commandLine: string;
  /** Differs between two processes that had the same id. */
  startedAt: string;
  /** Unknown outside Linux. */
  workingDirectory?: string;
}

/** What runs under this id; null when nothing does. A zombie does not run: it is dead and waits for its parent. */
export function inspectProcess(pid: number): ProcessInfo | null {
  return process.platform === 'linux' ? inspectOnLinux(pid) : inspectWithPs(pid);
}

export function isRunning(pid: number): boolean {
  return inspectProcess(pid) !== null;
}

function inspectOnLinux(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may contain anything. See proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' ');
    return { commandLine, startedAt: `${bootId}/${fields[19]}`, workingDirectory: workingDirectoryOf(pid) };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function workingDirectoryOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Another user's process does not say.
    return undefined;
  }
}

function inspectWithPs(pid: number): ProcessInfo | null {
  let line: string;
  try {
    line = execFileSync('ps', ['-o', 'state=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' } });
  } catch {
    return null;
  }
  const [, state, startedAt, commandLine] = /^(\S+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s+(.*)$/.exec(line.trim()) ?? [];
  if (!state || !startedAt || state.startsWith('Z')) return null;
  return { commandLine: commandLine ?? '', startedAt };
}
