import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { serverErrors } from '../errors';
import type { Log } from '../log';
import { lockDirectory } from '../process/directory-lock';
import { inspectProcess } from '../process/inspect-process';
import { claimLoopbackPort } from '../process/loopback-port';
import { lastLines, startServerProcess, type ServerProcess } from '../process/server-process';
import { stopProcess, type StopStep } from '../process/stop-process';
import { findRedis, redisKinds, type RedisKind, type RedisProgram } from './find-redis';
import { answersPing } from './ping';

export interface RedisOptions {
  /** Made when it is not there; for the log and the process id. Nothing is stored: a restarted Redis is empty. One process at a time. */
  dataDirectory: string;
  /** 0, the default, for any free port. */
  port?: number;
  /** Which servers to look for, in order. Default: redis-server and valkey-server in PATH, then js-redis-server. */
  kinds?: readonly RedisKind[];
  log: Log;
}

export interface RunningRedis {
  url: string;
  kind: RedisKind;
  pid: number;
  /** Settles with a phrase ("signal SIGKILL") when the server is gone, whoever ended it. */
  exited: Promise<string>;
  /** Bounded. Gives the data directory back. */
  stop(): Promise<void>;
}

const readyTimeoutMs = 30_000;
const attempts = 4;
const stopSteps: readonly StopStep[] = [
  { signal: 'SIGTERM', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/** Runs a Redis on 127.0.0.1. Throws `server.*`: directoryInUse, portTaken, noBinaries, startFailed. */
export async function startRedis({ dataDirectory, port = 0, kinds = redisKinds, log }: RedisOptions): Promise<RunningRedis> {
  const lock = lockDirectory(dataDirectory);
  try {
    const directory = realpathSync(dataDirectory);
    await endOrphan(directory, log);
    const program = await findRedis(kinds);
    if (!program) throw new serverErrors.noBinaries({ kinds }, { detail: `None of ${kinds.join(', ')} is installed. Set REDIS_URL to a Redis of yours.` });
    const { server, port: usedPort } = await launch(program, directory, port);
    return {
      url: `redis://127.0.0.1:${usedPort}`,
      kind: program.kind,
      pid: server.pid,
      exited: server.exited,
      stop: async () => {
        if (!server.hasExited()) await stopProcess(server.pid, stopSteps);
        rmSync(pidFile(directory), { force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The shell writes its process id and then becomes the server, so that there is no moment in which the server runs and the file is missing. */
const writePidThenBecome = 'echo $$ > "$1" && shift && exec "$@"';

async function launch({ kind, command }: RedisProgram, directory: string, wantedPort: number): Promise<{ server: ServerProcess; port: number }> {
  const logFile = join(directory, 'redis.log');
  for (let attempt = 1; ; attempt++) {
    const port = await claimLoopbackPort(wantedPort, 'Redis');
    const args = kind === 'js-redis-server' ? [String(port)] : nativeArguments(port, directory);
    const server = await startServerProcess({
      file: '/bin/sh',
      args: ['-c', writePidThenBecome, 'sh', pidFile(directory), ...command, ...args],
      cwd: directory,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      logFile,
    });
    if (await isReady(server, port)) return { server, port };
    const output = lastLines(logFile);
    // A free port may be taken by somebody faster.
    if (wantedPort === 0 && /address already in use|EADDRINUSE/i.test(output) && attempt < attempts) continue;
    throw new serverErrors.startFailed({ kind, output, logFile }, { detail: `${kind} did not start (${await server.exited}). ${logFile} ends with:\n${output}` });
  }
}

/** Without persistence: a damaged or newer dump would stop the next start, and nothing that is kept here is the only copy. */
function nativeArguments(port: number, directory: string): string[] {
  return ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory, '--daemonize', 'no', '--maxmemory-policy', 'noeviction'];
}

async function isReady(server: ServerProcess, port: number): Promise<boolean> {
  const deadline = performance.now() + readyTimeoutMs;
  while (!server.hasExited()) {
    if (await answersPing(port)) return !server.hasExited();
    if (performance.now() >= deadline) {
      await stopProcess(server.pid, stopSteps);
      return false;
    }
    await sleep(20);
  }
  return false;
}

function pidFile(directory: string): string {
  return join(directory, 'redis.pid');
}

async function endOrphan(directory: string, log: Log): Promise<void> {
  const pid = Number(readFileSync(pidFile(directory), { encoding: 'utf8', flag: 'a+' }));
  const info = Number.isInteger(pid) && pid > 1 ? inspectProcess(pid) : null;
  // Numbers are given again: it must really be a server that was started here.
  if (info && /redis|valkey/.test(info.commandLine) && (info.workingDirectory ?? directory) === directory) {
    log(`Stopping Redis (process ${pid}), which a former run left behind`);
    await stopProcess(pid, stopSteps);
  }
  rmSync(pidFile(directory), { force: true });
}
