import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@sluice/testing';
import { request } from 'undici';
import type { Stack } from '../stack/stack';
import { Balancer } from './balancer';
import { EventReader, type StreamEnd } from './event-reader';
import { startReplica, type Replica } from './replica';

export interface DrainOptions {
  /** At least so many are sent, and as many more as it takes until the gateways have been replaced. */
  requests: number;
  workers: number;
  streams: number;
  /** How many gateways get SIGTERM, one after the other. */
  rolls: 1 | 2;
  progress?(message: string): void;
}

export interface DrainFigures {
  sent: number;
  dropped: number;
  drops: string[];
  exits: { code: number | null; tookMs: number }[];
  /** How the streams ended that were open on a gateway that was drained. */
  streamEnds: Partial<Record<StreamEnd, number>>;
  streamsOutOfOrder: number;
  /** Streams that were opened again after their end. */
  reconnects: number;
}

const SLUG = 'drained';
const KEPT_DROPS = 10;
/** Each third is a request that a client could not simply send again. */
const REQUESTS = [{ path: '/x' }, { path: '/sleep/20' }, { path: '/posted', method: 'POST' as const, body: 'x'.repeat(2_000) }];

/** The operator's part: as long as the balancer takes to notice, and a time in which everything has to be over. */
export const DRAIN_ENVIRONMENT = { GATEWAY_SHUTDOWN_DELAY: '1s', GATEWAY_DRAIN_TIMEOUT: '4s' };

/** Replaces gateways under load, as a rolling update does, and counts the requests that got no good answer. */
export async function drainRun(stack: Stack, options: DrainOptions): Promise<DrainFigures> {
  const { progress } = options;
  const replicas = [await startReplica(stack, 'one', DRAIN_ENVIRONMENT), await startReplica(stack, 'two', DRAIN_ENVIRONMENT)];
  await stack.echo(SLUG);
  for (const { url } of replicas) await waitFor(async () => (await fetch(`${url}/plugins/${SLUG}/x`)).status === 200, { timeoutMs: 30_000, message: `${url} serves` });
  const balancer = new Balancer(replicas.map(({ url }) => url));
  await waitFor(() => replicas.every(({ url }) => balancer.isReady(url)), { timeoutMs: 10_000, message: 'the balancer sees both' });
  const load = new DrainLoad(balancer, options.requests);
  const workers = Promise.all(Array.from({ length: options.workers }, () => load.work()));
  const streams = Promise.all(Array.from({ length: options.streams }, () => load.follow()));
  const exits: DrainFigures['exits'] = [];
  try {
    await sleep(1_000);
    for (const [index, replica] of replicas.slice(0, options.rolls).entries()) {
      exits.push(await end(replica));
      progress?.(`gateway ${index + 1} has ended; ${load.figures.sent} requests so far`);
      if (index + 1 < options.rolls) {
        await replica.restart();
        await waitFor(() => balancer.isReady(replica.url), { timeoutMs: 90_000, message: () => `the balancer sees the new one\n${stack.gateway.stdout().slice(-4000)}` });
        await sleep(500);
      }
    }
  } finally {
    load.finish();
    await workers;
    load.closeStreams();
    await streams;
    await balancer.close();
  }
  return { ...load.figures, exits };
}

async function end({ child }: Replica): Promise<{ code: number | null; tookMs: number }> {
  const beganAt = performance.now();
  const { code } = await child.end();
  return { code, tookMs: performance.now() - beganAt };
}

class DrainLoad {
  readonly figures: Omit<DrainFigures, 'exits'> = { sent: 0, dropped: 0, drops: [], streamEnds: {}, streamsOutOfOrder: 0, reconnects: 0 };
  private readonly readers = new Set<EventReader>();
  private finishing = false;

  constructor(
    private readonly balancer: Balancer,
    private readonly requests: number,
  ) {}

  /** What is asked for is still sent. */
  finish(): void {
    this.finishing = true;
  }

  closeStreams(): void {
    for (const reader of this.readers) reader.close();
  }

  async work(): Promise<void> {
    while (!this.finishing || this.figures.sent < this.requests) {
      const { path, ...init } = REQUESTS[this.figures.sent++ % REQUESTS.length]!;
      try {
        const answer = await request(`${this.balancer.next()}/plugins/${SLUG}${path}`, { ...init, dispatcher: this.balancer.agent });
        const text = await answer.body.text();
        if (answer.statusCode !== 200) this.drop(`${path}: ${answer.statusCode} ${text.slice(0, 200)}`);
      } catch (error) {
        this.drop(`${path}: ${String(error)}`);
      }
    }
  }

  /** A client that asks again when its stream is over. */
  async follow(): Promise<void> {
    for (let turn = 0; !this.finishing; turn++) {
      if (turn > 0) this.figures.reconnects++;
      const reader = new EventReader(new URL(`${this.balancer.next()}/plugins/${SLUG}/stream?count=0&interval_ms=50`));
      this.readers.add(reader);
      const ended = await reader.ended;
      this.readers.delete(reader);
      this.figures.streamsOutOfOrder += reader.outOfOrder;
      if (!this.finishing) this.figures.streamEnds[ended] = (this.figures.streamEnds[ended] ?? 0) + 1;
    }
  }

  private drop(reason: string): void {
    this.figures.dropped++;
    if (this.figures.drops.length < KEPT_DROPS) this.figures.drops.push(reason);
  }
}
