import { setTimeout as sleep } from 'node:timers/promises';

import { isRunning } from './inspect-process';

export interface StopStep {
  signal: NodeJS.Signals;
  /** How long it may take before the next step. */
  graceMs: number;
}

/** Sends one signal after the other until the process is gone. Also for processes that are not children of this one. */
export async function stopProcess(pid: number, steps: readonly StopStep[]): Promise<void> {
  for (const { signal, graceMs } of steps) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await isGoneWithin(pid, graceMs)) return;
  }
  throw new Error(`Process ${pid} does not end`);
}

async function isGoneWithin(pid: number, graceMs: number): Promise<boolean> {
  const deadline = performance.now() + graceMs;
  while (isRunning(pid)) {
    if (performance.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}
