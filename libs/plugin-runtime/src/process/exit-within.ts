import type { Clock } from '@sluice/kernel';
import type { PluginProcess, ProcessExit } from './plugin-process';

/** How the process ended, or null when it goes on after this time. What it wrote last has been read. */
export function exitWithin(process: PluginProcess, clock: Clock, ms: number): Promise<ProcessExit | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(null));
    void process.drained.then((exit) => {
      cancel();
      resolve(exit);
    });
  });
}
