import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { waitFor } from '@sluice/testing';
import { writePlugin } from '../stack/written-plugin';
import type { Stack } from '../stack/stack';
import { HOG_MEMBERS } from './hog-plugin';
import { percentile } from './percentile';
import { RequestLoad } from './request-load';

export interface Appetite {
  name: string;
  /** Below the hog's slug. */
  path: string;
  /** The client takes the whole answer, or keeps the connection and reads nothing. */
  reads: boolean;
}

export interface Quiet {
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

export interface HogStatus {
  state: string;
  reason: string;
  remarks: string[];
  last_log_lines: string[];
}

const HOG = 'hog';
const BYSTANDER = 'bystander';
const READY_MS = 90_000;

/** A stack with a plugin that takes more than its share, and one that must not notice. */
export class HogRun {
  private constructor(
    private readonly stack: Stack,
    readonly hogId: number,
  ) {}

  static async prepare(stack: Stack): Promise<HogRun> {
    await stack.echo(BYSTANDER);
    const command = writePlugin(stack.folder, HOG, HOG_MEMBERS);
    const { id } = await stack.api.createEcho(HOG, {}, { command });
    await stack.untilServing(HOG);
    return new HogRun(stack, id);
  }

  /** Measures, lets the hog loose, and measures again while it is at it. */
  async measure(appetite: Appetite, seconds: number, perSecond: number): Promise<HogFigures> {
    await waitFor(async () => (await this.stack.get(`/plugins/${HOG}/well`)).status === 200, { timeoutMs: READY_MS, message: 'the hog is well again' });
    const [pluginBefore, hostBefore] = await this.watch(seconds, perSecond);
    const letGo = new AbortController();
    const feeding = this.feed(appetite, letGo.signal);
    const [pluginDuring, hostDuring] = await this.watch(seconds, perSecond);
    letGo.abort();
    await feeding;
    const status = await this.status();
    await this.stack.api.call('POST', `/api/v1/plugins/${this.hogId}/reload`);
    await sleep(1_000);
    return { name: appetite.name, plugin: { before: pluginBefore, during: pluginDuring }, host: { before: hostBefore, during: hostDuring }, status };
  }

  async status(): Promise<HogStatus> {
    const { gateways } = await this.stack.api.call<{ gateways: HogStatus[] }>('GET', `/api/v1/plugins/${this.hogId}/status`);
    return gateways[0]!;
  }

  private async watch(seconds: number, perSecond: number): Promise<[Quiet, Quiet]> {
    const loads = [`/plugins/${BYSTANDER}/x`, '/livez'].map((path) => new RequestLoad(this.stack.gatewayUrl, perSecond, [{ path }]).start());
    await sleep(seconds * 1_000);
    const [plugin, host] = await Promise.all(loads.map(async (load): Promise<Quiet> => {
      const { answers, failed, failures } = await load.stop();
      return { p99Ms: percentile(answers.map(({ tookMs }) => tookMs), 0.99), failed, failures };
    }));
    return [plugin!, host!];
  }

  private async feed({ path, reads }: Appetite, signal: AbortSignal): Promise<void> {
    try {
      const { body } = await request(`${this.stack.gatewayUrl}/plugins/${HOG}${path}`, { signal, headersTimeout: 120_000 });
      if (reads) for await (const _ of body);
      else await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      body.on('error', () => undefined).destroy();
    } catch {
      // The hog may fail; what counts is what others see.
    }
  }
}
