import { readdirSync, readFileSync } from 'node:fs';

/** `/proc` counts in these; every Linux that Node.js runs on has the same. */
const TICKS_PER_SECOND = 100;

/** Whether this machine tells anything about a process. */
export const figuresAreKnown = process.platform === 'linux';

/** Memory of a process that is in RAM now, in bytes; 0 for one that is gone. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}

/** CPU time that a process has used, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/** The processes of a process group that run, without its leader. */
export function groupMembers(leader: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== leader && Number(statOf(pid)[2]) === leader && statOf(pid)[0] !== 'Z');
}

/** The fields of `/proc/<pid>/stat` from the state on: the name before them may contain anything. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
