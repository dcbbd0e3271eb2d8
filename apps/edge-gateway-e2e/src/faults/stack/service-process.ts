import { spawnNode, waitFor, type NodeChild } from '@sluice/testing';
import { type DiskFault, faultedScript } from './faulted-process';

/** Stops what does not end by itself. */
const END_LIMIT_MS = 20_000;

/** For machines that have other things to do. */
const START_LIMIT_MS = 120_000;

const LOG_LINES = 12;
const LOG_LINE_LENGTH = 400;

/** A studio or a gateway that is started, killed and started again, with the same settings, and with a clock and a disk that obey the test. */
export class ServiceProcess {
  protected child: NodeChild | undefined;
  private commands = 0;

  constructor(
    readonly name: string,
    readonly url: string,
    private readonly script: string,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  get running(): boolean {
    return this.child !== undefined;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The last lines that it wrote, shortened. */
  get log(): string {
    const written = `${this.child?.stdout() ?? ''}${this.child?.stderr() ?? ''}`;
    return written.trimEnd().split('\n').slice(-LOG_LINES).map((line) => line.slice(0, LOG_LINE_LENGTH)).join('\n');
  }

  /** Resolves when `path` answers with a status that is not an error. */
  async start(path: string): Promise<void> {
    const child = this.spawn();
    let ended = false;
    void child.exited.then(() => (ended = true));
    const answers = async (): Promise<boolean> => ended || (await fetch(this.url + path)).ok;
    await waitFor(answers, { timeoutMs: START_LIMIT_MS, message: () => `${this.name} answers ${path}\n${this.log}` });
    if (ended) throw new Error(`${this.name} has ended:\n${child.stdout().slice(-3_000)}${child.stderr()}`);
  }

  /** Its wall clock is this far off. */
  moveClock(offsetMs: number): Promise<void> {
    return this.command({ clockOffsetMs: offsetMs });
  }

  /** What its disk does from now on; undefined: what it should. */
  breakDisk(fault: DiskFault | undefined): Promise<void> {
    return this.command({ disk: fault ?? null });
  }

  /** @param first what it is told before it begins. */
  protected spawn(first: readonly object[] = []): NodeChild {
    this.child = spawnNode(faultedScript, { args: [this.script, ...first.map((command) => JSON.stringify(command))], env: this.environment });
    return this.child;
  }

  /** With everything that it started, at once. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    await child?.kill();
  }

  /** As an orchestrator ends it. */
  async end(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    const timer = setTimeout(() => void child.kill(), END_LIMIT_MS);
    await child.end();
    clearTimeout(timer);
  }

  private async command(command: object): Promise<void> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} does not run`);
    this.commands += 1;
    const told = `told ${this.commands};`;
    child.process.stdin?.write(`${JSON.stringify({ ...command, number: this.commands })}\n`);
    await waitFor(() => child.stderr().includes(told), { message: `${this.name} does as it is told` });
  }
}
