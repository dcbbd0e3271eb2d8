import { readFileSync } from 'node:fs';

/** The memory of a process that is in use, in bytes (VmRSS of proc_pid_status(5)). */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!match) throw new Error(`/proc/${pid}/status does not tell the memory of the process.`);
  return Number(match[1]) * 1_024;
}
