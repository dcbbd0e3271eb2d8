import { spawn, type ChildProcess } from 'node:child_process';

import { killTree } from './kill-tree';
import { waitFor } from './wait-for';

export interface SpawnNodeOptions {
  args?: readonly string[];
  /** Options of Node itself. */
  nodeArgs?: readonly string[];
  /** On top of this process's environment; `undefined` takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** As another user; only root can. */
  uid?: number;
  gid?: number;
}

export interface NodeExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A Node process under test. Its output is kept; its standard input stays open until `kill` or `end`. */
export interface NodeChild {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** Settles when it is gone and all it wrote was read. */
  readonly exited: Promise<NodeExit>;
  /** The first match in standard output, once there is one. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** SIGTERM by default; to it alone. */
  end(signal?: NodeJS.Signals): Promise<NodeExit>;
  /** It and everything it started, at once. */
  kill(): Promise<NodeExit>;
}

/** Runs `node script …args`. */
export function spawnNode(script: string, { args = [], nodeArgs = [], env = {}, ...options }: SpawnNodeOptions = {}): NodeChild {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], { ...options, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const exited = new Promise<NodeExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  let gone = false;
  void exited.then(
    () => (gone = true),
    () => (gone = true),
  );

  const result: NodeChild = {
    process: child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    waitForOutput: async (pattern, timeoutMs = 30_000) => {
      const story = (): string => `${script} writes ${pattern}; it wrote:\n${stdout}\n${stderr}\n`;
      const match = await waitFor(() => pattern.exec(stdout) ?? gone, { timeoutMs, message: story });
      if (match === true) throw new Error(`${story()} and has ended`);
      return match as RegExpMatchArray;
    },
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
    kill: () => {
      if (!gone && child.pid !== undefined) killTree(child.pid);
      return exited;
    },
  };
  return result;
}
