import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { killGroup } from './kill-group';
import { LineSplitter } from './line-splitter';
import type { OutputGate } from './output-gate';
import type { PluginLog } from './plugin-log';

/** How a process ended. All null for one that could not be started at all; `error` says why. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
  error?: string;
  /** The limit that explains it: `because it needed more memory than its limit of 64 MiB`. */
  because?: string;
}

export interface SpawnOptions {
  file: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  directory: string;
  log: PluginLog;
  /** Asked at the moment of the end. */
  explainEnd?(signal: NodeJS.Signals | null): string | undefined;
}

/**
 * One operating system process with its own process group and no stdin. The first line of stdout is kept for the handshake; everything
 * else that it writes goes to the log, and its pipes are read until they end, so that it never blocks on them.
 */
export class PluginProcess {
  /** Resolves when the process has ended; its last lines may still be on their way. */
  readonly exited: Promise<ProcessExit>;
  /** Resolves when the process has ended and its pipes are read to the end, or a child of it keeps them open for too long. */
  readonly drained: Promise<ProcessExit>;
  /** Resolves with the first line of stdout, or with undefined when stdout ended before there was one. */
  readonly firstLine: Promise<string | undefined>;
  readonly pid: number | undefined;

  private readonly child: ChildProcess;
  private readonly stdout: LineSplitter;
  private ended: ProcessExit | null = null;

  constructor({ file, args, environment, directory, log, explainEnd }: SpawnOptions) {
    this.child = spawn(file, args, { cwd: directory, env: environment, detached: true, shell: false, stdio: ['ignore', 'pipe', 'pipe'] });
    this.pid = this.child.pid;

    let gotFirstLine: (line: string | undefined) => void = () => undefined;
    this.firstLine = new Promise((resolve) => (gotFirstLine = resolve));
    let onStdoutLine = (line: string) => {
      onStdoutLine = (later) => log.stdout(later);
      gotFirstLine(line);
    };
    this.stdout = new LineSplitter((line) => onStdoutLine(line));
    const stderr = new LineSplitter((line) => log.stderr(line));
    const gates = [this.read(this.child.stdout, this.stdout, log), this.read(this.child.stderr, stderr, log)];

    this.exited = this.whenExited(explainEnd);
    void this.exited.then(() => gates.forEach((gate) => gate?.end()));
    this.drained = this.whenDrained();
    void this.drained.then(() => {
      this.stdout.flush();
      stderr.flush();
      gotFirstLine(undefined);
      log.close();
    });
  }

  /** How it ended, or null while it runs. */
  get exit(): ProcessExit | null {
    return this.ended;
  }

  /** What has arrived of a first line that is not complete yet. */
  get partialLine(): string {
    return this.stdout.partial;
  }

  /** SIGKILL for the process and everything it started. */
  kill(): void {
    if (this.pid !== undefined && this.ended === null) killGroup(this.pid, 'SIGKILL');
  }

  private read(stream: Readable | null, lines: LineSplitter, log: PluginLog): OutputGate | undefined {
    if (!stream) return undefined;
    const gate = log.gate(stream, lines);
    stream.on('data', (chunk: Buffer) => gate.push(chunk));
    stream.on('end', () => lines.flush());
    stream.on('error', () => undefined);
    return gate;
  }

  private whenExited(explainEnd?: SpawnOptions['explainEnd']): Promise<ProcessExit> {
    return new Promise((resolve) => {
      const end = (exit: ProcessExit) => {
        if (this.ended) return;
        // Its group lives on while anything that it started does, and keeps the id: all of it ends with the leader.
        if (this.pid !== undefined) killGroup(this.pid, 'SIGKILL');
        this.ended = exit;
        resolve(exit);
      };
      this.child.once('exit', (code, signal) => {
        const because = explainEnd?.(signal);
        end({ code, signal, ...(because !== undefined && { because }) });
      });
      this.child.once('error', (error) => {
        if (this.pid === undefined) end({ code: null, signal: null, error: error.message });
      });
    });
  }

  private async whenDrained(): Promise<ProcessExit> {
    const closed = new Promise<void>((resolve) => this.child.once('close', () => resolve()));
    const exit = await this.exited;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, 500)));
    await Promise.race([closed, patience]);
    clearTimeout(timer);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    return exit;
  }
}
