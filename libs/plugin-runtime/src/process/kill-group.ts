/** To these pids `kill` gives other meanings: the caller's own group, and every process there is. */
const NO_GROUPS: ReadonlySet<number> = new Set([0, 1]);

/**
 * Signals a process and everything it started. Fine are a group that is already gone, and one of which nobody may be signalled any more:
 * what a plugin started under another user must not bring its host down.
 */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  if (NO_GROUPS.has(pid)) throw new Error(`The process group ${pid} is not a plugin's.`);
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
