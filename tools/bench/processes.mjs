import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const endWithParent = pathToFileURL(join(import.meta.dirname, '..', 'launch', 'end-with-parent.mjs')).href;

/** Servers have one core and the load another, where the machine has two and util-linux. */
export const pinned = availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** Starts `node script …args`, on a core of its own if possible. It ends with this process, however that ends. */
export function start(script, { args = [], core, environment = {}, output = 'pipe' }) {
  const command = [process.execPath, '--import', endWithParent, join(import.meta.dirname, script), ...args];
  const [file, ...rest] = pinned ? ['taskset', '-c', String(core), ...command] : command;
  return spawn(file, rest, { stdio: ['ignore', output, output === 'pipe' ? 'inherit' : output, 'ipc'], env: { ...process.env, NODE_ENV: 'production', ...environment } });
}

/**
 * Starts a program that is not of Node, on a core of its own if possible; it ends with this process too. Resolves to its process id, its first line of
 * output where `speaks`, and how to end it.
 */
export async function startProgram(file, args, { core, environment = {}, speaks = true }) {
  const keeper = start('keep-program.mjs', { core, environment, args: [JSON.stringify({ file, args, speaks })] });
  const { pid, line } = JSON.parse(await firstLine(keeper));
  return { pid, line, stop: () => end(keeper) };
}

/** Moves a process with all its threads to a core. */
export function moveTo(core, pid) {
  if (pinned) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

/** Its first line of standard output. Rejects when it ends without one. */
export function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => reject(new Error(`${child.spawnargs.join(' ')} ended (${signal ?? code})`)));
  });
}

/** Asks it to end, and makes it. */
export async function end(child, graceMs = 10_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}
