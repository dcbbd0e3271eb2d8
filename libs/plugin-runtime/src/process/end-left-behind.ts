import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PROC = '/proc';
const MAX_ROUNDS = 10;
const BETWEEN_ROUNDS_MS = 20;
const READ_AT_ONCE = 32;

/**
 * SIGKILL for whatever a plugin process started, also what left its process group: all of it inherited the plugin's folder in its
 * environment, a name that nobody else has. What cleared its environment, or runs where it cannot be read, is not found. For machines
 * without control groups, and for what a host left that was killed. Resolves with the pids when none is left.
 */
export async function endLeftBehind(pluginFolder: string, proc: string = PROC): Promise<number[]> {
  const mark = `PLUGIN_UNIX_SOCKET_DIR=${pluginFolder}\0`;
  const ended = new Set<number>();
  // One that was just starting another may have done so before its end.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const pids = await marked(mark, proc);
    if (pids.length === 0) break;
    for (const pid of pids) {
      if (kill(pid)) ended.add(pid);
    }
    await sleep(BETWEEN_ROUNDS_MS);
  }
  return [...ended];
}

async function marked(mark: string, proc: string): Promise<number[]> {
  const names = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found: number[] = [];
  while (names.length > 0) {
    const batch = names.splice(0, READ_AT_ONCE);
    const environments = await Promise.all(batch.map((name) => readFile(`${proc}/${name}/environ`).catch(() => Buffer.alloc(0))));
    found.push(...batch.filter((_, n) => environments[n]!.includes(mark)).map(Number));
  }
  return found;
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    // It is gone already, or not ours to end.
    return false;
  }
}
