import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Checker } from './checker';
import { factIn, type FactApp, SLUG } from './facts';
import type { FaultGateway } from './stack/fault-gateway';

const PAUSE_MS = 50;
const ANSWER_LIMIT_MS = 10_000;

/** Requests that depend on no change, to one gateway, one after the other: none may ever fail while the gateway runs. */
export class Traffic {
  private stopped = false;
  private running: Promise<void> | undefined;
  private readonly pool: Pool;

  constructor(
    private readonly gateway: FaultGateway,
    private readonly apps: readonly FactApp[],
    private readonly checker: Checker,
  ) {
    this.pool = new Pool(gateway.url, { connections: 1, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS });
  }

  start(): this {
    this.running = this.run();
    return this;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await this.pool.destroy();
  }

  private async run(): Promise<void> {
    for (let turn = 0; !this.stopped; turn++) {
      if (this.gateway.serving) await this.ask(this.apps[turn % this.apps.length]!);
      await sleep(PAUSE_MS);
    }
  }

  private async ask({ token }: FactApp): Promise<void> {
    const { gateway, checker } = this;
    const { life } = gateway;
    const before = checker.newestOf(gateway.name);
    try {
      const answer = await this.pool.request({ method: 'GET', path: `/plugins/${SLUG}/private/x`, headers: { authorization: `Bearer ${token}`, 'x-config-revision': '?' } });
      const text = await answer.body.text();
      if (gateway.life !== life) return;
      if (answer.statusCode !== 200) return checker.violation(`${gateway.name} answered ${answer.statusCode} to a request that depends on no change: ${text.slice(0, 200)}`);
      checker.saw(gateway.name, before, { revision: Number(answer.headers['x-config-revision']), fact: factIn(JSON.parse(text) as Parameters<typeof factIn>[0]) });
    } catch (error) {
      if (gateway.life === life && gateway.serving) checker.violation(`${gateway.name} failed a request that depends on no change: ${String(error)}`);
    }
  }
}
