/** The processes of one demo: started, logged to files, remembered on disk, ended. */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readKept, keep } from './kept-file.mjs';
import { root } from './prepare.mjs';
import { say } from './say.mjs';

const STOP_TIMEOUT_MS = 20_000;
/** V8 has four otherwise, and on few cores they keep the main thread waiting. */
const helperThreads = Math.min(4, Math.max(1, availableParallelism() - 1));
const preload = pathToFileURL(join(import.meta.dirname, 'end-with-parent.mjs')).href;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * When a process began, so that a recycled process id is never mistaken for one of ours; null for one that has ended, also when
 * nobody has asked for its exit code yet. Linux only; elsewhere null.
 */
function startTimeOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

const isRunning = ({ pid, startTime }) => startTime !== null && startTimeOf(pid) === startTime;

export class Processes {
  #running = [];

  constructor(dataDirectory) {
    this.dataDirectory = dataDirectory;
    this.logDirectory = join(dataDirectory, 'logs');
    this.record = join(dataDirectory, 'processes.json');
    mkdirSync(this.logDirectory, { recursive: true });
  }

  /**
   * Waits for what a launcher that was killed left behind, and ends what does not end by itself.
   * @throws when the launcher is alive: what it started is no leftover.
   */
  async endLeftovers() {
    const { launcher, processes = [] } = readKept(this.record) ?? {};
    if (launcher && isRunning(launcher)) {
      throw new Error(`Process ${launcher.pid} runs on ${this.dataDirectory} already. End it first, or name another folder with --data.`);
    }
    const leftovers = processes.filter(isRunning);
    if (leftovers.length > 0) say(`waiting for ${leftovers.map((process) => process.name).join(', ')} of an earlier run to end…`);
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (leftovers.some(isRunning) && Date.now() < deadline) await wait(100);
    for (const leftover of leftovers.filter(isRunning)) process.kill(leftover.pid, 'SIGKILL');
    this.#remember();
  }

  /**
   * Starts one Node program in a session of its own: Ctrl-C reaches the launcher alone, which ends the rest in order.
   * @returns the child, with `firstLine` (a promise of what it prints first) and `logFile`.
   */
  start(name, script, { args = [], env = {}, onExit }) {
    const logFile = join(this.logDirectory, `${name}.log`);
    const log = createWriteStream(logFile, { flags: 'w' });
    const child = spawn(process.execPath, [`--v8-pool-size=${helperThreads}`, '--import', preload, join(root, script), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.logFile = logFile;
    child.firstLine = new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += text.includes('\n') ? '' : chunk;
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
      });
      child.once('exit', () => reject(new Error(`${name} ended before it was ready.`)));
    });
    child.firstLine.catch(() => {});
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('exit', (code, signal) => {
      this.#running = this.#running.filter((other) => other.child !== child);
      this.#remember();
      if (!child.stopping) onExit?.(`${name} ended unexpectedly (${signal ?? `exit code ${code}`}); its log is ${logFile}.`);
    });
    this.#running.push({ name, child, pid: child.pid, startTime: startTimeOf(child.pid) });
    this.#remember();
    return child;
  }

  /** Ends everything, the last started first. */
  async stop() {
    for (const { child } of [...this.#running].reverse()) {
      child.stopping = true;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, wait(STOP_TIMEOUT_MS).then(() => child.kill('SIGKILL'))]);
    }
    rmSync(this.record, { force: true });
  }

  #remember() {
    const launcher = { pid: process.pid, startTime: startTimeOf(process.pid) };
    keep(this.record, { launcher, processes: this.#running.map(({ name, pid, startTime }) => ({ name, pid, startTime })) });
  }
}

/** The end of a log, for an error message. */
export function tailOf(file, lines = 15) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}
