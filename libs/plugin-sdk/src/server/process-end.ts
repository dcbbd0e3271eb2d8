import { unlinkSync } from 'node:fs';

const SIGNAL_GRACE_MS = 1_500;
const PARENT_CHECK_MS = 2_000;

/** How the process ends: at the latest when the time of grace is over, whatever the plugin's code is doing. */
export class ProcessEnd {
  /** The server does not remove its socket when the process exits. */
  socketPath: string | undefined;

  constructor(
    /** Lets the plugin finish its work. Never rejects. */
    private readonly shutdown: () => Promise<void>,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {}

  within(graceMs: number): void {
    setTimeout(() => this.now(), graceMs);
  }

  /** A host stops its plugins itself: Ctrl-C in its terminal, which reaches the plugins as well, is not meant for them. */
  onSignals(): void {
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => this.afterShutdown());
  }

  /** A host that was killed cannot stop its plugins: they notice that they have another parent. */
  withParent(): void {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) this.afterShutdown();
    }, PARENT_CHECK_MS).unref();
  }

  private afterShutdown(): void {
    this.within(SIGNAL_GRACE_MS);
    void this.shutdown().then(() => this.now());
  }

  private now(): void {
    if (this.socketPath !== undefined) removeSocket(this.socketPath);
    this.exit(0);
  }
}

function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The host has removed its folder already.
  }
}
