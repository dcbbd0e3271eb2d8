import { type ChildProcess, spawn } from 'node:child_process';
import { killGroup } from '../../../process/kill-group';
import { LineSplitter } from '../../../process/line-splitter';
import type { ProcessExit } from '../../../process/plugin-process';

const KEPT_LINES = 400;

/**
 * A process as the kit watches it. Unlike the host's own, it leaves alone what a plugin that has ended left behind, so that it can be seen;
 * `dispose` ends all of it.
 */
export class RawProcess {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  /** How much it wrote on both pipes. */
  bytes = 0;
  readonly exited: Promise<ProcessExit>;
  exit: ProcessExit | null = null;
  private readonly child: ChildProcess;
  private readonly lines: LineSplitter;
  private onLine: () => void = () => undefined;

  constructor(file: string, args: readonly string[], environment: Readonly<Record<string, string>>, directory: string) {
    this.child = spawn(file, args, { cwd: directory, env: environment, detached: true, shell: false, stdio: ['ignore', 'pipe', 'pipe'] });
    this.lines = this.read(this.child.stdout, this.stdout, () => this.onLine());
    this.read(this.child.stderr, this.stderr, () => undefined);
    this.exited = new Promise((resolve) => {
      const end = (exit: ProcessExit) => {
        if (this.exit) return;
        this.exit = exit;
        resolve(exit);
        setImmediate(() => this.onLine());
      };
      this.child.once('close', (code, signal) => end({ code, signal }));
      // A child of it may keep the pipes open.
      this.child.once('exit', (code, signal) => setTimeout(end, 300, { code, signal }));
      this.child.once('error', (error) => end({ code: null, signal: null, error: error.message }));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it has written of a line that is not complete. */
  get partial(): string {
    return this.lines.partial;
  }

  /** The first complete line of stdout; undefined when the process ends or the time is up before there is one. */
  async firstLine(withinMs: number): Promise<string | undefined> {
    if (this.stdout.length === 0 && !this.exit) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.onLine = resolve;
        timer = setTimeout(resolve, withinMs);
      });
      clearTimeout(timer);
    }
    return this.stdout[0];
  }

  /** How it ended, or null when it still runs after this time. */
  async exitWithin(ms: number): Promise<ProcessExit | null> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.exited, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
    clearTimeout(timer);
    return this.exit;
  }

  /** Ends it and everything that it started. */
  async dispose(): Promise<void> {
    if (this.child.pid !== undefined) killGroup(this.child.pid, 'SIGKILL');
    await this.exited;
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  private read(stream: NodeJS.ReadableStream | null, into: string[], onLine: () => void): LineSplitter {
    const lines = new LineSplitter((line) => {
      if (into.length < KEPT_LINES) into.push(line);
      onLine();
    });
    stream?.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      lines.push(chunk);
    });
    stream?.on('end', () => lines.flush());
    stream?.on('error', () => undefined);
    return lines;
  }
}
