import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';

/** How often load balancers look, when they look often. */
const LOOK_MS = 100;

/** Knows which gateways are ready, as a load balancer does, and takes them in turn. */
export class Balancer {
  readonly agent = new Agent({ connections: 64, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
  private readonly ready = new Map<string, boolean>();
  private turn = 0;
  private stopped = false;
  private readonly looking: Promise<unknown>;

  constructor(private readonly urls: readonly string[]) {
    this.looking = Promise.all(urls.map((url) => this.look(url)));
  }

  /** @throws Error when none is ready. */
  next(): string {
    for (let tried = 0; tried < this.urls.length; tried++) {
      const url = this.urls[this.turn++ % this.urls.length]!;
      if (this.ready.get(url)) return url;
    }
    throw new Error('No gateway is ready.');
  }

  isReady(url: string): boolean {
    return this.ready.get(url) ?? false;
  }

  async close(): Promise<void> {
    this.stopped = true;
    await this.looking;
    await this.agent.close();
  }

  private async look(url: string): Promise<void> {
    while (!this.stopped) {
      const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      this.ready.set(url, answer?.status === 200);
      await sleep(LOOK_MS);
    }
  }
}
