import { existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuFiles } from './cpu-files';

const REMOVE_ATTEMPTS = 40;
const REMOVE_EVERY_MS = 25;

/** The control group of one generation: one folder in version 2, one for each controller in version 1. */
export class CgroupGroup {
  constructor(
    /** What a process joins. */
    readonly folders: readonly string[],
    private readonly memoryFolder: string | undefined,
  ) {}

  /** Whether the kernel has killed a process of the group for want of memory. */
  get ranOutOfMemory(): boolean {
    if (this.memoryFolder === undefined) return false;
    return ['memory.oom_control', 'memory.events'].some((file) => counter(join(this.memoryFolder!, file), 'oom_kill') > 0);
  }

  /** How often a process of the group was refused another one. */
  get refusedForks(): number {
    return Math.max(0, ...this.folders.map((folder) => counter(join(folder, 'pids.events'), 'max')));
  }

  /** In how many periods the group has used up its processor time. */
  get heldBack(): number {
    return Math.max(0, ...this.folders.map((folder) => counter(join(folder, 'cpu.stat'), 'nr_throttled')));
  }

  /** Whether its processes run only while no other wants their processor. Kernels before 5.15 know of no such order, and keep to the one they have. */
  standBack(back: boolean): void {
    this.set('cpu.idle', back ? '1' : '0');
  }

  /** From now on its processes have this many cores. Only for a group that was made with a limit. */
  limitCores(cores: number): void {
    const { v1, v2 } = cpuFiles(cores);
    for (const [file, value] of [...v1, ...v2]) this.set(file, value);
  }

  /** SIGKILL for every process in it, also one that left the plugin's process group. */
  kill(): void {
    for (const pid of this.members()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }

  /** Kills what is left and removes the group. @returns false when it could not be removed. */
  async remove(): Promise<boolean> {
    for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt += 1) {
      this.kill();
      if (this.folders.filter((folder) => !removed(folder)).length === 0) return true;
      await sleep(REMOVE_EVERY_MS);
    }
    return false;
  }

  /** Not every hierarchy of version 1 is about everything; where a file is not, the kernel would refuse a new one. */
  private set(file: string, value: string): void {
    for (const path of this.folders.map((folder) => join(folder, file))) if (existsSync(path)) tryWrite(path, value);
  }

  private members(): number[] {
    const pids = this.folders.flatMap((folder) => read(join(folder, 'cgroup.procs')).split('\n').map(Number));
    // 0 stands for a process of another pid namespace; as a target it would be this process's own group.
    return [...new Set(pids)].filter((pid) => pid > 0 && pid !== process.pid);
  }
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** The number after a word at the start of a line. */
function counter(file: string, word: string): number {
  return Number(new RegExp(`^${word} (\\d+)$`, 'm').exec(read(file))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function tryWrite(file: string, value: string): boolean {
  try {
    writeFileSync(file, value);
    return true;
  } catch {
    return false;
  }
}
