import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@sluice/testing';
import { writePlugin } from '../stack/written-plugin';
import type { Stack } from '../stack/stack';
import type { Appetite } from './hog-appetites';
import { HogFeeder } from './hog-feeder';
import { HOG_MEMBERS } from './hog-plugin';
import { type HogStatus, tellsOf } from './hog-status';
import { percentile } from './percentile';
import { RequestLoad } from './request-load';

/** How one of those who must not suffer was answered. */
export interface Quiet {
  requests: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
  failures: string[];
}

export interface HogFigures {
  name: string;
  /** Another plugin, and the gateway itself, before and while. */
  plugin: { before: Quiet; during: Quiet };
  host: { before: Quiet; during: Quiet };
  /** What the studio shows of the hog afterwards. */
  status: HogStatus;
}

const HOG = 'hog';
const BYSTANDER = 'bystander';
const READY_MS = 90_000;
const TELL_MS = 10_000;
const WARM_UP_RATE = 1_500;
/** A generation that starts or ends costs time as well, which is not the hog's. */
const SETTLE_MS = 3_000;

/** A stack with a plugin that takes more than its share, and one that must not notice. */
export class HogRun {
  private constructor(
    private readonly stack: Stack,
    readonly hogId: number,
  ) {}

  /** @param warmUpSeconds what is measured first would otherwise be compared with a stack whose code is still being compiled */
  static async prepare(stack: Stack, warmUpSeconds: number): Promise<HogRun> {
    await stack.echo(BYSTANDER);
    const command = writePlugin(stack.folder, HOG, HOG_MEMBERS);
    const { id } = await stack.api.createEcho(HOG, {}, { command });
    await stack.untilServing(HOG);
    const run = new HogRun(stack, id);
    await run.watch(warmUpSeconds, WARM_UP_RATE);
    return run;
  }

  /** Measures, lets the hog loose, and measures again while it is at it. */
  async measure(appetite: Appetite, seconds: number, perSecond: number): Promise<HogFigures> {
    await waitFor(async () => (await this.stack.get(`/plugins/${HOG}/well`)).status === 200, { timeoutMs: READY_MS, message: 'the hog is well again' });
    const feeder = await HogFeeder.start(`${this.stack.gatewayUrl}/plugins/${HOG}${appetite.path}`, appetite.reads);
    const [pluginBefore, hostBefore] = await this.watch(seconds, perSecond);
    feeder.begin();
    const [pluginDuring, hostDuring] = await this.watch(seconds, perSecond);
    const status = await this.statusThatTells(appetite);
    await feeder.end();
    await this.stack.api.call('POST', `/api/v1/plugins/${this.hogId}/reload`);
    await sleep(SETTLE_MS);
    return { name: appetite.name, plugin: { before: pluginBefore, during: pluginDuring }, host: { before: hostBefore, during: hostDuring }, status };
  }

  async status(): Promise<HogStatus> {
    const { gateways } = await this.stack.api.call<{ gateways: Omit<HogStatus, 'crash'>[] }>('GET', `/api/v1/plugins/${this.hogId}/status`);
    const [crash] = await this.stack.api.call<{ reason: string }[]>('GET', `/api/v1/plugins/${this.hogId}/crashes?limit=1`);
    return { ...gateways[0]!, crash: crash?.reason };
  }

  /** What happened is told when a stream's time is over, or the host has looked a few times; it is not waited for longer than that takes. */
  private async statusThatTells(appetite: Appetite): Promise<HogStatus> {
    for (const until = Date.now() + TELL_MS; ; await sleep(500)) {
      const status = await this.status();
      if (tellsOf(appetite, status) !== undefined || Date.now() > until) return status;
    }
  }

  private async watch(seconds: number, perSecond: number): Promise<[Quiet, Quiet]> {
    const loads = [`/plugins/${BYSTANDER}/x`, '/livez'].map((path) => new RequestLoad(this.stack.gatewayUrl, perSecond, [{ path }]).start());
    await sleep(seconds * 1_000);
    const [plugin, host] = await Promise.all(loads.map(async (load): Promise<Quiet> => {
      const { answers, failed, failures } = await load.stop();
      const took = answers.map(({ tookMs }) => tookMs);
      return { requests: took.length, p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99), failed, failures };
    }));
    return [plugin!, host!];
  }
}
