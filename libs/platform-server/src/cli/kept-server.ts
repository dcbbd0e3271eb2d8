import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from '../log';

interface Server {
  exited: Promise<string>;
  stop(): Promise<void>;
}

const restartDelayMs = 1_000;

/** Starts a server again when somebody ended it, so that a demo survives what is done to it. One that does not start again is given up. */
export class KeptServer {
  private stopping = false;
  private starting: Promise<Server> | undefined;

  constructor(
    private readonly name: string,
    private current: Server,
    /** On the same port. */
    private readonly startAgain: () => Promise<Server>,
    private readonly log: Log,
  ) {}

  /** Settles when the server is gone for good, with the reason. */
  async untilGivenUp(): Promise<string> {
    for (;;) {
      const how = await this.current.exited;
      if (!this.stopping) {
        this.log(`${this.name} ended (${how}); starting it again`);
        await this.current.stop();
        await sleep(restartDelayMs);
      }
      if (this.stopping) return `${this.name} was stopped`;
      try {
        this.starting = this.startAgain();
        this.current = await this.starting;
      } catch (error) {
        return `${this.name} does not start again: ${(error as Error).message}`;
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.starting?.catch(() => undefined);
    await this.current.stop();
  }
}
