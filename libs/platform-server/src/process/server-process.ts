import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';

export interface ServerCommand {
  file: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** As whom; only for a parent that is root. */
  uid?: number;
  gid?: number;
  logFile: string;
}

export interface ServerProcess {
  readonly pid: number;
  /** Settles with a phrase ("exit code 1") when it is gone, whoever ended it. */
  readonly exited: Promise<string>;
  hasExited(): boolean;
}

/**
 * Starts a server in a session of its own, so that Ctrl-C reaches it through us and in our order, with its output in a file, so that it never stands
 * before a pipe that nobody reads. The log of the run before is kept beside it.
 */
export async function startServerProcess({ file, args, cwd, env, uid, gid, logFile }: ServerCommand): Promise<ServerProcess> {
  try {
    renameSync(logFile, `${logFile}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(file, args, { cwd, env, uid, gid, detached: true, stdio: ['ignore', log, log] });
    let gone = false;
    const exited = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => {
        gone = true;
        resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
      }),
    );
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    // An owner that forgot to stop its server may still end.
    child.unref();
    return { pid: child.pid as number, exited, hasExited: () => gone };
  } finally {
    closeSync(log);
  }
}

/** The end of a log file, for an error message. */
export function lastLines(logFile: string, count = 8): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
